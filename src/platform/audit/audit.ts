import { unavailable } from '../errors/gateway-error.ts'
import type { AuditEntry } from './audit-entry.ts'
import { auditEntry } from './audit-entry.ts'
import type { AuditEvent } from './audit-event.ts'
import { AuditNotWritten, type AuditQueue } from './audit-queue.ts'
import type { FoldFailures } from './fold-failures.ts'

/** What becomes of a change, for its second row. */
export interface ChangeResult {
  after?: unknown
  target?: NonNullable<AuditEvent['target']>
}

export interface Audit {
  /** In the background, for what already happened and must not wait: sign-ins and sign-outs. Failures may be folded. */
  note(event: AuditEvent): void
  /** The same for what nobody knows who caused; fewer of these have a row of their own, and they never fold others away. */
  noteStranger(event: AuditEvent): void
  /**
   * Answers when the row is stored.
   * @throws GatewayError AUDIT_UNAVAILABLE under `AUDIT_ON_FAILURE=refuse`, or when the bound of `spool` is reached
   */
  record(event: AuditEvent): Promise<void>
  /**
   * An administrative write: first a row of outcome `intended` is stored, then the change is made, then a row says what
   * became of it. So under `refuse` nothing is ever changed without a row; a change whose second row is missing is one of
   * which nobody knows how it ended.
   * @param describe what the second row says of a change that was made
   * @throws GatewayError AUDIT_UNAVAILABLE before anything is changed, and whatever `change` throws
   */
  change<T>(event: ChangeEvent, change: () => Promise<T>, describe?: (result: T) => ChangeResult): Promise<T>
}

export type ChangeEvent = Omit<AuditEvent, 'outcome' | 'after'> & Pick<AuditEvent, 'after'>

export interface AuditParts {
  queue: Pick<AuditQueue, 'push' | 'store'>
  fold: (write: (event: AuditEvent) => void, most?: number) => FoldFailures
  now: () => number
}

/** Failures of strangers that have rows of their own, in a minute. */
const STRANGERS = 10

/** The audit trail as the rooms above see it; `tellFolded` writes what was only counted so far. */
export function createAudit({ queue, fold, now }: AuditParts): Audit & { tellFolded(): void } {
  const push = (event: AuditEvent) => queue.push(auditEntry(event, now()))
  const failures = fold(push)
  const strangers = fold(push, STRANGERS)

  async function store(entry: AuditEntry): Promise<void> {
    try {
      await queue.store(entry)
    } catch (error) {
      if (error instanceof AuditNotWritten)
        throw unavailable('AUDIT_UNAVAILABLE', 'nothing was changed: the audit trail cannot be written', error)
      throw error
    }
  }

  const record = (event: AuditEvent) => store(auditEntry(event, now()))

  return {
    note: (event) => failures.take(event),
    noteStranger: (event) => strangers.take(event),
    record,
    async change(event, change, describe = () => ({})) {
      await record({ ...event, outcome: 'intended' })
      let result: Awaited<ReturnType<typeof change>>
      try {
        result = await change()
      } catch (error) {
        push({ ...event, outcome: 'failed', after: { error: codeOf(error) } })
        throw error
      }
      push({ ...event, outcome: 'ok', ...describe(result) })
      return result
    },
    tellFolded() {
      failures.close()
      strangers.close()
    },
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'INTERNAL_ERROR'
}
