/** What instances tell each other: a token is denied, or "do I hear myself?". */
export type DenialMessage = { key: string; until: number } | { instance: string; probe: number }

/** Reads a message; undefined for what no instance of ours would write. */
export function readDenialMessage(text: string): DenialMessage | undefined {
  const { key, until, instance, probe } = membersOf(text)
  if (typeof key === 'string' && typeof until === 'number') return { key, until }
  if (typeof instance === 'string' && typeof probe === 'number') return { instance, probe }
  return undefined
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}
