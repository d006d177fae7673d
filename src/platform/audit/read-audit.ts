import type { Database } from '../database/open-database.ts'
import type { AuditEventRow } from '../database/tables.ts'

export interface AuditFilter {
  /** Id or user name, whole. */
  actor?: string | undefined
  action?: string | undefined
  /** Id of what it was done to, whole. */
  target?: string | undefined
  outcome?: string | undefined
  correlationId?: string | undefined
  /** Milliseconds since the epoch; `from` is included, `to` is not. */
  from?: number | undefined
  to?: number | undefined
}

/** Where the next page begins: behind this row. */
export interface AuditCursor {
  at: number
  writer: string
  seq: number
}

export interface AuditPage {
  rows: AuditEventRow[]
  next: AuditCursor | undefined
}

/** @throws when the database is away; what the assembly makes of it is AUDIT_UNAVAILABLE */
export type ReadAudit = (filter: AuditFilter, max: number, after?: AuditCursor) => Promise<AuditPage>

/** Pages of the trail, newest first, by the last row seen: rows that come in meanwhile neither repeat nor hide others. */
export function createReadAudit(database: Database): ReadAudit {
  return async function readAudit(filter, max, after) {
    await database.ready()
    // One more than asked for tells whether there is another page.
    const rows = await query(database, filter, after)
      .limit(max + 1)
      .execute()
    const page = rows.slice(0, max)
    const last = page.at(-1)
    const next = rows.length > max && last !== undefined ? cursorOf(last) : undefined
    return { rows: page, next }
  }
}

const cursorOf = ({ at, writer, seq }: AuditEventRow): AuditCursor => ({ at, writer, seq })

function query({ db }: Database, filter: AuditFilter, after: AuditCursor | undefined) {
  const { actor, action, target, outcome, correlationId, from, to } = filter
  let rows = db
    .selectFrom('audit_event')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('writer', 'desc')
    .orderBy('seq', 'desc')
  if (actor !== undefined)
    rows = rows.where((is) => is.or([is('actor_id', '=', actor), is('actor_username', '=', actor)]))
  if (action !== undefined) rows = rows.where('action', '=', action)
  if (target !== undefined) rows = rows.where('target_id', '=', target)
  if (outcome !== undefined) rows = rows.where('outcome', '=', outcome)
  if (correlationId !== undefined) rows = rows.where('correlation_id', '=', correlationId)
  if (from !== undefined) rows = rows.where('at', '>=', from)
  if (to !== undefined) rows = rows.where('at', '<', to)
  if (after !== undefined)
    rows = rows.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at', 'writer', 'seq'), '<', tuple(after.at, after.writer, after.seq)),
    )
  return rows
}
