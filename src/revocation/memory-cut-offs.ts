import type { Clock } from '../platform/clock.ts'
import { createCutOffList } from './cut-off-list.ts'
import type { CutOffs } from './cut-offs.ts'

/** Cut-offs in this process, where there is no other. */
export function createMemoryCutOffs(parts: { issuer: string; clock: Clock; keepMs: number }): CutOffs {
  const list = createCutOffList(parts)
  return {
    raise: async ({ kind, subject, at }) => list.add({ kind, key: list.keyOf(subject), at }),
    endedUntil: (subject) => list.until('end', subject),
    endsSession: list.endsSession,
    renewUntil: (subject) => list.until('renew', subject),
    reload: async () => undefined,
    onRaised: list.onNews,
  }
}
