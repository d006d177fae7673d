import { type Realm, realmSchema } from '../realm-schema.ts'
import { jsonPath, type Problem } from './problem.ts'

/**
 * Checks types and member names. Members Keycloak does not know are reported and left out, so that the further checks
 * can still run and everything is reported in one go; after any other fault there is no realm to check further.
 */
export function validateShape(value: unknown): { realm: Realm | undefined; problems: Problem[] } {
  const first = realmSchema.safeParse(value)
  if (first.success) return { realm: first.data, problems: [] }
  const problems = first.error.issues.map(({ path, message }) => ({ path: jsonPath(path), message: readable(message) }))
  const pruned = structuredClone(value)
  for (const issue of first.error.issues) {
    if (issue.code === 'unrecognized_keys') remove(pruned, issue.path, issue.keys)
  }
  return { realm: realmSchema.safeParse(pruned).data, problems }
}

function remove(root: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  const parent = path.reduce<unknown>((node, segment) => (isObject(node) ? node[segment] : undefined), root)
  if (isObject(parent)) for (const key of keys) delete parent[key]
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}

/** zod's "Invalid input: expected string, received undefined" in the words of the other messages. */
function readable(message: string): string {
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? []
  if (expected === undefined) return message
  return received === 'undefined' ? `is missing; expected ${expected}` : `must be ${expected}, not ${received}`
}
