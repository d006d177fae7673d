import type { AuditEvent } from './audit-event.ts'

export interface FoldFailuresParts {
  /** Milliseconds since the epoch. */
  now: () => number
  write: (event: AuditEvent) => void
  onFolded: () => void
  /** Failures that get a row of their own in one window. */
  most?: number | undefined
  /** Milliseconds. */
  window?: number
}

export interface FoldFailures {
  /** Writes the event, or counts it where there were too many. */
  take(event: AuditEvent): void
  /** Writes how many were counted, if any. */
  close(): void
}

/**
 * Failures are what strangers can cause at will, and must not fill the disk: the first 60 of a minute are written one by
 * one, the others as one row that says how many there were. Successes are never folded.
 */
export function createFoldFailures({
  now,
  write,
  onFolded,
  most = 60,
  window = 60_000,
}: FoldFailuresParts): FoldFailures {
  let since = 0
  let taken = 0
  let folded = 0

  function close(): void {
    if (folded === 0) return
    const after = { folded, from: new Date(since).toISOString(), to: new Date(now()).toISOString() }
    const actor = { kind: 'gateway', id: null, username: null, client: null } as const
    write({ action: 'audit.folded', outcome: 'failed', actor, target: { kind: 'audit', id: null }, after })
    folded = 0
  }

  return {
    take(event) {
      if (event.outcome !== 'failed' && event.outcome !== 'refused') {
        write(event)
        return
      }
      const at = now()
      if (at - since >= window || at < since) {
        close()
        since = at
        taken = 0
      }
      if (taken < most) {
        taken++
        write(event)
      } else {
        folded++
        onFolded()
      }
    },
    close,
  }
}
