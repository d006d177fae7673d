import type { Kysely } from 'kysely'
import { createRowHash } from '../../src/platform/audit/row-hash.ts'
import type { AuditEventRow, Tables } from '../../src/platform/database/tables.ts'

/** The database, as somebody has it who may write to it. */
export type Db = Kysely<Tables>

export function rowOf(db: Db, writer: string, seq: number): Promise<AuditEventRow> {
  return db
    .selectFrom('audit_event')
    .selectAll()
    .where('writer', '=', writer)
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow()
}

/** What anybody can do who knows how hashes are made: with SHA-256, without the key. */
export function hashed(row: AuditEventRow): AuditEventRow {
  const open = { ...row, key_id: '' }
  return { ...open, hash: createRowHash([]).row(open) }
}

export const set = (db: Db, writer: string, seq: number, change: Partial<AuditEventRow>) =>
  db.updateTable('audit_event').set(change).where('writer', '=', writer).where('seq', '=', seq).execute()

export const drop = (db: Db, writer: string, from: number, to: number) =>
  db.deleteFrom('audit_event').where('writer', '=', writer).where('seq', '>=', from).where('seq', '<=', to).execute()

export async function rehash(
  db: Db,
  writer: string,
  seq: number,
  change: Partial<AuditEventRow>,
  relink = false,
): Promise<void> {
  const link = relink ? { prev_hash: (await rowOf(db, writer, seq - 1)).hash } : {}
  await set(db, writer, seq, hashed({ ...(await rowOf(db, writer, seq)), ...change, ...link }))
}

export async function swap(db: Db, writer: string, one: number, other: number): Promise<void> {
  await set(db, writer, one, { seq: 1_000 })
  await set(db, writer, other, { seq: one })
  await set(db, writer, 1_000, { seq: other })
}

export async function copy(db: Db, writer: string, from: number, to: number): Promise<void> {
  await db
    .insertInto('audit_event')
    .values({ ...(await rowOf(db, writer, from)), seq: to })
    .execute()
}

export async function adaptHead(db: Db, writer: string, seq: number): Promise<void> {
  const { hash } = await rowOf(db, writer, seq)
  const chain = await db.selectFrom('audit_chain').selectAll().where('writer', '=', writer).executeTakeFirstOrThrow()
  const head = { ...chain, key_id: '', head_seq: seq, head_hash: hash }
  const head_proof = createRowHash([]).head(head)
  await db
    .updateTable('audit_chain')
    .set({ ...head, head_proof })
    .where('writer', '=', writer)
    .execute()
}
