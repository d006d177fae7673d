/** An answer that does not keep what the OpenAPI document says. */
export interface Misfit {
  readonly operation: string
  readonly status: number
  readonly misfit: string
}

const found = new Map<string, { count: number; test: string }>()
const seen: { operationId: string; status: number }[] = []
let running = 'before the first test'

export function nameTest(title: string): void {
  running = title
}

export function noteAnswer(operationId: string, status: number): void {
  seen.push({ operationId, status })
}

export function keepMisfit({ operation, status, misfit }: Misfit): void {
  const line = `${operation} → ${status}: ${misfit}`
  const known = found.get(line)
  found.set(line, { count: (known?.count ?? 0) + 1, test: known?.test ?? running })
}

/** The answers that were compared since the last time this was asked. */
export function takeSeen(): { operationId: string; status: number }[] {
  return seen.splice(0)
}

/** Forgets what it tells. @throws an error with one line for each kind of misfit, if there are any */
export function failOnMisfits(): void {
  const lines = [...found].map(([line, { count, test }]) => `  ${line} (${count} ×, first in "${test}")`)
  found.clear()
  if (lines.length > 0)
    throw new Error(`answers that are not as the OpenAPI document says:\n${lines.sort().join('\n')}`)
}
