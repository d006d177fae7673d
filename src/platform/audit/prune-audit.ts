import type { Database } from '../database/open-database.ts'
import type { AuditChainRow } from '../database/tables.ts'
import type { RowHash } from './row-hash.ts'

export interface Pruned {
  writer: string
  /** The last row that went. */
  through: number
  rows: number
}

/** Rows removed in one transaction. */
const AT_ONCE = 5_000

/**
 * Removes rows older than `before` from the beginning of each chain, never from the middle, and notes in the chain, under
 * its proof, where it begins now. Several instances may do so at once.
 * @param before milliseconds since the epoch
 */
export async function pruneAudit(database: Database, rowHash: RowHash, before: number, now: number): Promise<Pruned[]> {
  const chains = await database.db
    .selectFrom('audit_chain')
    .selectAll()
    .whereRef('head_seq', '>', 'pruned_seq')
    .execute()
  const pruned: Pruned[] = []
  for (const chain of chains) {
    const through = await lastOld(database, chain, before)
    let rows = 0
    for (let from = chain.pruned_seq; from < through; from = Math.min(from + AT_ONCE, through)) {
      const removed = await cut(database, rowHash, chain.writer, from, Math.min(from + AT_ONCE, through), now)
      if (removed === undefined) break
      rows += removed
    }
    if (rows > 0) pruned.push({ writer: chain.writer, through, rows })
  }
  return pruned
}

/** The row before the first one that is young enough. */
async function lastOld({ db }: Database, chain: AuditChainRow, before: number): Promise<number> {
  const young = await db
    .selectFrom('audit_event')
    .select('seq')
    .where('writer', '=', chain.writer)
    .where('at', '>=', before)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  if (young !== undefined) return young.seq - 1
  // Only up to the head that was read: younger rows may have come since.
  return chain.head_seq
}

/** Nothing when another instance was faster, or when the row at the cut is not there (which is for the check to find). */
async function cut(
  { db }: Database,
  rowHash: RowHash,
  writer: string,
  from: number,
  to: number,
  now: number,
): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const last = await trx
      .selectFrom('audit_event')
      .select('hash')
      .where('writer', '=', writer)
      .where('seq', '=', to)
      .executeTakeFirst()
    if (last === undefined) return undefined
    const note = { writer, pruned_seq: to, pruned_hash: last.hash, pruned_at: now, pruned_key_id: rowHash.keyId }
    const { numUpdatedRows } = await trx
      .updateTable('audit_chain')
      .set({ ...note, pruned_proof: rowHash.pruned(note) })
      .where('writer', '=', writer)
      .where('pruned_seq', '=', from)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return undefined
    const { numDeletedRows } = await trx
      .deleteFrom('audit_event')
      .where('writer', '=', writer)
      .where('seq', '<=', to)
      .executeTakeFirst()
    return Number(numDeletedRows)
  })
}
