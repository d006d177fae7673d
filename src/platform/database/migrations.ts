import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Every change of the tables, in the order of their names; one that was released is never edited. */
export const migrations: Record<string, Migration> = {
  '2026-11-22-audit': { up: createAuditTables },
}

async function createAuditTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_event')
    .addColumn('writer', 'varchar(32)', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_kind', 'text', (column) => column.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('actor_username', 'text')
    .addColumn('actor_client', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('target_kind', 'text')
    .addColumn('target_id', 'text')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('address', 'text')
    .addColumn('correlation_id', 'text')
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('prev_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_event_pk', ['writer', 'seq'])
    .execute()
  await db.schema
    .createTable('audit_chain')
    .addColumn('writer', 'varchar(32)', (column) => column.primaryKey())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('head_seq', 'bigint', (column) => column.notNull())
    .addColumn('head_hash', 'text', (column) => column.notNull())
    .addColumn('head_at', 'bigint', (column) => column.notNull())
    .addColumn('event_seq', 'bigint', (column) => column.notNull())
    .addColumn('head_proof', 'text', (column) => column.notNull())
    .addColumn('pruned_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('pruned_hash', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('pruned_at', 'bigint')
    .addColumn('pruned_key_id', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('pruned_proof', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  const indexes: Record<string, string[]> = {
    audit_event_by_time: ['at', 'writer', 'seq'],
    audit_event_by_actor: ['actor_id', 'at'],
    audit_event_by_username: ['actor_username', 'at'],
    audit_event_by_target: ['target_id', 'at'],
    audit_event_by_action: ['action', 'at'],
    audit_event_by_request: ['correlation_id'],
  }
  for (const [name, columns] of Object.entries(indexes))
    await db.schema.createIndex(name).on('audit_event').columns(columns).execute()
}
