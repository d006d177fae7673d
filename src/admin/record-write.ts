import type { Act, Authorize } from '../access/authorize.ts'
import { REMOVALS } from '../access/keep-an-administrator.ts'
import type { Audit, ChangeEvent, ChangeResult } from '../platform/audit/audit.ts'
import type { AuditAction, AuditTargetKind } from '../platform/audit/audit-event.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { Log } from '../platform/observability/log.ts'
import type { Turns } from '../platform/redis/turns.ts'
import type { Administrator } from './administrator.ts'

export interface RecordWriteParts {
  authorize: Authorize
  audit: Pick<Audit, 'change' | 'note'>
  /** Every instance forgets what it may remember of what is written. */
  forget: () => Promise<unknown>
  /** Over all instances. */
  inTurn: Turns['run']
  log: Log
}

export interface Write<T> {
  action: AuditAction
  act: Act
  target: { kind: AuditTargetKind; id: string | null }
  /** What the audit trail says of before and after; never a secret. */
  before?: unknown
  after?: unknown
  change: () => Promise<T>
  describe?: (result: T) => ChangeResult
}

/**
 * Asks whether it is allowed, records that it is intended, does it, records what became of it.
 * @throws GatewayError INSUFFICIENT_PERMISSIONS, LAST_ADMINISTRATOR, AUDIT_UNAVAILABLE, CHANGE_IN_PROGRESS,
 * COORDINATION_UNAVAILABLE, and whatever `change` throws
 */
export type RecordWrite = <T>(by: Administrator, write: Write<T>) => Promise<T>

const REFUSALS = ['INSUFFICIENT_PERMISSIONS', 'LAST_ADMINISTRATOR']

/** How every administrative write is done; those that take something away one at a time in the whole cluster. */
export function createRecordWrite({ authorize, audit, forget, inTurn, log }: RecordWriteParts): RecordWrite {
  const recordWrite: RecordWrite = async (by, { action, act, target, before, after, change, describe }) => {
    const event: ChangeEvent = { action, target, before, after, ...by.audited }
    await authorize(by.identity, act).catch((error: unknown) => {
      if (error instanceof GatewayError && REFUSALS.includes(error.code))
        audit.note({ ...event, outcome: 'refused', after: { error: error.code } })
      throw error
    })
    try {
      return await audit.change(event, change, describe)
    } finally {
      // Also after a failure: a write whose answer was lost may have been carried out.
      await forget().catch((error: unknown) => log.warn('caches could not be told to forget', { error }))
    }
  }
  return (by, write) =>
    write.act.takes === undefined ? recordWrite(by, write) : inTurn(REMOVALS, () => recordWrite(by, write))
}
