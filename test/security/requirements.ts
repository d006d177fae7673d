/** Where something that must hold is tried: a test file, and words of the title of a test or group in it. */
export type Proof = readonly [file: string, title: string]

export interface Requirement {
  id: string
  what: string
  proofs: readonly Proof[]
}

/** What an attacker must not get, told in groups; each with the tests that try to get it. */
export interface RequirementGroup {
  title: string
  requirements: readonly Requirement[]
}

export function requirement(id: string, what: string, ...proofs: Proof[]): Requirement {
  return { id, what, proofs }
}
