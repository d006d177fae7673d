import type { Database } from '../database/open-database.ts'
import type { AuditEventRow } from '../database/tables.ts'
import type { Log } from '../observability/log.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { RowHash } from './row-hash.ts'

export interface ChainWriterParts {
  database: Database
  rowHash: RowHash
  /** A name nobody has used; letters, digits and `-`, at most 32. */
  newWriter: () => string
  /** The first row of a chain: it notes where the other chains are. */
  opening: (writer: string) => Promise<AuditEntry>
  log: Log
}

export interface ChainWriter {
  writer(): string
  head(): { seq: number; hash: string }
  /**
   * Adds the entries to this process's chain, all or none. After a failure nobody knows whether they were stored; handing
   * the same objects in again stores them once.
   * @throws when the database is away
   */
  append(entries: readonly AuditEntry[]): Promise<void>
}

interface Attempt {
  entries: ReadonlySet<AuditEntry>
  rows: readonly AuditEventRow[]
}

/** Rows that say where chains are; they are nothing that would have to be noted itself. */
export const HOUSEKEEPING: readonly string[] = ['audit.opened', 'audit.checkpoint']

/**
 * The chain of this process. The head is remembered, never read back: rows that somebody cut off leave a gap that the
 * next row makes visible.
 */
export function createChainWriter({ database, rowHash, newWriter, opening, log }: ChainWriterParts): ChainWriter {
  const fresh = () => ({ writer: newWriter(), seq: 0, hash: '', eventSeq: 0 })
  let head = fresh()
  let unsure: Attempt | undefined

  function link(entries: readonly AuditEntry[]): AuditEventRow[] {
    let { seq, hash } = head
    return entries.map((entry) => {
      const row = { ...entry, writer: head.writer, seq: ++seq, key_id: rowHash.keyId, prev_hash: hash }
      hash = rowHash.row(row)
      return { ...row, hash }
    })
  }

  function adopt(rows: readonly AuditEventRow[]): void {
    const last = rows.at(-1)
    if (last === undefined) return
    head = { writer: last.writer, seq: last.seq, hash: last.hash, eventSeq: eventSeqOf(rows, head.eventSeq) }
  }

  async function store(rows: readonly AuditEventRow[]): Promise<void> {
    const last = rows.at(-1)
    if (last === undefined) return
    const chain = {
      writer: last.writer,
      key_id: rowHash.keyId,
      head_seq: last.seq,
      head_hash: last.hash,
      head_at: last.at,
      event_seq: eventSeqOf(rows, head.eventSeq),
    }
    const proven = { ...chain, head_proof: rowHash.head(chain) }
    await database.db.transaction().execute(async (trx) => {
      await trx
        .insertInto('audit_event')
        .values([...rows])
        .execute()
      await trx
        .insertInto('audit_chain')
        .values({ ...proven, pruned_seq: 0, pruned_hash: '', pruned_at: null, pruned_key_id: '', pruned_proof: '' })
        .onConflict((conflict) => conflict.column('writer').doUpdateSet(proven))
        .execute()
    })
  }

  /** What became of the attempt that failed; answers the entries that are still to be stored. */
  async function settle(entries: readonly AuditEntry[]): Promise<readonly AuditEntry[]> {
    if (unsure === undefined) return entries
    const first = unsure.rows[0]
    const { hash } = (first && (await rowAt(database, first.writer, first.seq))) ?? {}
    const { entries: tried, rows } = unsure
    unsure = undefined
    if (hash === undefined) return entries
    if (hash !== first?.hash) {
      log.error('somebody else wrote into the audit chain of this process; a new chain is begun', {
        writer: head.writer,
      })
      head = fresh()
      return entries
    }
    adopt(rows)
    return entries.filter((entry) => !tried.has(entry))
  }

  return {
    writer: () => head.writer,
    head: () => ({ seq: head.seq, hash: head.hash }),
    async append(entries) {
      await database.ready()
      const rest = await settle(entries)
      if (rest.length === 0) return
      const rows = link(head.seq === 0 ? [await opening(head.writer), ...rest] : rest)
      unsure = { entries: new Set(rest), rows }
      await store(rows)
      unsure = undefined
      adopt(rows)
    },
  }
}

function eventSeqOf(rows: readonly AuditEventRow[], before: number): number {
  return rows.findLast(({ action }) => !HOUSEKEEPING.includes(action))?.seq ?? before
}

function rowAt({ db }: Database, writer: string, seq: number) {
  return db
    .selectFrom('audit_event')
    .select('hash')
    .where('writer', '=', writer)
    .where('seq', '=', seq)
    .executeTakeFirst()
}
