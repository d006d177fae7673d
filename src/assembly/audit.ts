import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { type Audit, createAudit } from '../platform/audit/audit.ts'
import { type AuditEntry, auditEntry } from '../platform/audit/audit-entry.ts'
import type { AuditAction, AuditActor } from '../platform/audit/audit-event.ts'
import { createAuditQueue } from '../platform/audit/audit-queue.ts'
import { canonicalJson } from '../platform/audit/canonical-json.ts'
import { headsOfOthers } from '../platform/audit/chain-heads.ts'
import { createChainWriter } from '../platform/audit/chain-writer.ts'
import { createCheckpoints } from '../platform/audit/checkpoints.ts'
import { createFoldFailures } from '../platform/audit/fold-failures.ts'
import { pruneAudit } from '../platform/audit/prune-audit.ts'
import { createReadAudit, type ReadAudit } from '../platform/audit/read-audit.ts'
import { createRowHash } from '../platform/audit/row-hash.ts'
import type { Config } from '../platform/config/config.ts'
import { unavailable } from '../platform/errors/gateway-error.ts'
import { DependencyFailure } from '../platform/http/dependency-failure.ts'
import type { DependencyState } from '../platform/observability/readiness.ts'
import type { Foundation } from './foundation.ts'

export interface AuditTrail extends Audit {
  read: ReadAudit
  /** For `/ready`. */
  state(): Promise<DependencyState>
  /** Makes the tables and begins with checkpoints and retention; waits for nothing. */
  start(): void
  /** Writes what is waiting, within 2 s. */
  close(): Promise<void>
}

const GATEWAY: AuditActor = { kind: 'gateway', id: null, username: null, client: null }
const CHECKPOINT_MS = 60_000
const RETENTION_MS = 3_600_000
/** Also for instances that never live an hour. */
const FIRST_RETENTION_MS = 30_000
const DAY_MS = 86_400_000
const CLOSE_MS = 2_000
/** Never reached, because each query is given up after 2 s: what is given up half-way could be stored twice. */
const LONGEST_MS = 60_000

/** The audit trail of this instance: a chain of its own in the database that all share. */
export function assembleAudit(
  config: Config['audit'],
  foundation: Pick<Foundation, 'clock' | 'log' | 'metrics' | 'database' | 'guard'>,
): AuditTrail {
  const { clock, log, metrics, database } = foundation
  const rowHash = createRowHash(config.hashKeys)
  const guard = foundation.guard({ target: 'database', timeoutMs: LONGEST_MS })
  const guarded = <T>(work: () => Promise<T>): Promise<T> => guard.execute(() => work().catch(asFailure))
  let closing = false
  const own = (action: AuditAction, after: object, target: string | null = null): AuditEntry => ({
    ...auditEntry({ action, outcome: 'ok', actor: GATEWAY, target: { kind: 'audit', id: target } }, clock.now()),
    // Made of nothing that came from outside, and heads may be more than is kept of other things.
    after: canonicalJson(after),
  })
  const writer = createChainWriter({
    database,
    rowHash,
    newWriter: () => `w-${randomBytes(8).toString('hex')}`,
    opening: async (name) => {
      const { heads } = await headsOfOthers(database, name)
      return own('audit.opened', { instance: hostname(), heads })
    },
    log,
  })
  const queue = createAuditQueue({
    // The last try is made even while the breaker is open: what is not written now is lost.
    append: (entries) => (closing ? writer.append(entries) : guarded(() => writer.append(entries))),
    gap: (lost, from, to) =>
      own('audit.gap', { lost, from: new Date(from).toISOString(), to: new Date(to).toISOString() }),
    onFailure: config.onFailure,
    size: config.spoolSize,
    log,
    onCount: metrics.auditRows,
    onWaiting: metrics.auditWaiting,
  })
  const audit = createAudit({
    queue,
    fold: (write, most) =>
      createFoldFailures({ now: clock.now, write, most, onFolded: () => metrics.auditRows('folded', 1) }),
    now: clock.now,
  })
  const checkpoints = createCheckpoints({
    database,
    writer,
    push: (after) => queue.push(own('audit.checkpoint', after)),
    log,
  })
  const readAudit = createReadAudit(database)
  const timers: NodeJS.Timeout[] = []

  async function retire(): Promise<void> {
    const before = clock.now() - config.retentionDays * DAY_MS
    for (const { writer: of, ...after } of await pruneAudit(database, rowHash, before, clock.now())) {
      queue.push(own('audit.pruned', { ...after, olderThan: new Date(before).toISOString() }, of))
      log.info('old audit rows were removed', { writer: of, ...after })
    }
  }

  const quietly = (what: string, work: () => Promise<void>) => () =>
    void work().catch((error: unknown) => log.warn(what, { error }))
  const every = (milliseconds: number, work: () => void) => void timers.push(setInterval(work, milliseconds).unref())

  return {
    note: audit.note,
    noteStranger: audit.noteStranger,
    record: audit.record,
    change: audit.change,
    async read(...asked) {
      // So that whoever has just done something finds it.
      if (!queue.isFailing()) await queue.flush()
      return guarded(() => readAudit(...asked)).catch((error: unknown) => {
        throw unavailable('AUDIT_UNAVAILABLE', 'the audit trail cannot be read', error)
      })
    },
    async state() {
      await database.ready()
      await database.ping()
      return queue.isFailing() ? { status: 'degraded', note: 'audit rows are waiting to be written' } : { status: 'up' }
    },
    start() {
      quietly('the database is away; the gateway starts without it and tries again', database.ready)()
      every(
        CHECKPOINT_MS,
        quietly('no audit checkpoint could be written', () => guarded(checkpoints.write)),
      )
      every(CHECKPOINT_MS, audit.tellFolded)
      if (config.retentionDays === 0) return
      const retireQuietly = quietly('old audit rows could not be removed', retire)
      timers.push(setTimeout(retireQuietly, FIRST_RETENTION_MS).unref())
      every(RETENTION_MS, retireQuietly)
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      audit.tellFolded()
      closing = true
      const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), CLOSE_MS).unref())
      if (!(await Promise.race([queue.flush(), late])))
        log.error('audit rows were lost: the database is away at the end')
      queue.stop()
    },
  }
}

function asFailure(error: unknown): never {
  throw new DependencyFailure('network', 'the database failed', error)
}
