/** The parts of `npm run bench`, in their order. */
export const suiteNames = ['proxy', 'hardening', 'administration'] as const

export type SuiteName = (typeof suiteNames)[number]

export function isSuiteName(text: string): text is SuiteName {
  return (suiteNames as readonly string[]).includes(text)
}
