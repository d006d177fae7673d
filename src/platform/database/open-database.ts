import { Kysely, PostgresDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import type { DatabaseConfig } from '../config/database-settings.ts'
import type { Log } from '../observability/log.ts'
import { within } from '../within.ts'
import { migrations } from './migrations.ts'
import { nodeSqliteDialect } from './node-sqlite-dialect.ts'
import type { Tables } from './tables.ts'

export interface Database {
  readonly kind: DatabaseConfig['kind']
  /** For queries; the tables are there once `ready()` has answered. */
  readonly db: Kysely<Tables>
  /** Makes and changes the tables, once; a later call tries again what failed. @throws when the database is away */
  ready(): Promise<void>
  /** @throws when the database does not answer */
  ping(): Promise<void>
  close(): Promise<void>
}

export interface DatabaseOptions {
  log: Log
  /** Milliseconds for one query; checks of the whole trail need more than the gateway does. */
  queryTimeout?: number
}

const CONNECT_MS = 2_000
const QUERY_MS = 2_000
const MIGRATION_MS = 60_000
const READY_MS = 3_000
const CONNECTIONS = 5
/** Long enough to be free; short enough that connections find a primary that has moved. */
const CONNECTION_LIFE_S = 3_600
const INT8 = 20

/** Opens the database without waiting for it: nothing is connected before the first query. */
export function openDatabase(config: DatabaseConfig, { log, queryTimeout = QUERY_MS }: DatabaseOptions): Database {
  const db = connect(config, queryTimeout, config.kind === 'postgres' ? config.connections : undefined, log)
  let migrated: Promise<void> | undefined

  async function migrate(): Promise<void> {
    // One connection of its own, because waiting for another instance's migrations may take longer than a query may.
    const migrating = config.kind === 'sqlite' ? db : connect(config, MIGRATION_MS, 1, log)
    try {
      const { error, results = [] } = await new Migrator({
        db: migrating,
        provider: { getMigrations: async () => migrations },
        migrationTableName: 'cloakroom_migration',
        migrationLockTableName: 'cloakroom_migration_lock',
      }).migrateToLatest()
      if (error !== undefined) throw error
      if (results.length > 0) log.info('the database tables are up to date', { changes: results.length })
    } finally {
      if (migrating !== db) await migrating.destroy()
    }
  }

  return {
    kind: config.kind,
    db,
    async ready() {
      migrated ??= migrate().catch((error: unknown) => {
        migrated = undefined
        throw error
      })
      await within(READY_MS, migrated, tooLate)
    },
    async ping() {
      await sql`select 1`.execute(db)
    },
    close: () => db.destroy(),
  }
}

function connect(config: DatabaseConfig, queryTimeout: number, max: number | undefined, log: Log): Kysely<Tables> {
  if (config.kind === 'sqlite') return new Kysely({ dialect: nodeSqliteDialect(config.file) })
  const pool = new pg.Pool({
    connectionString: config.url,
    max: max ?? CONNECTIONS,
    maxLifetimeSeconds: CONNECTION_LIFE_S,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: queryTimeout,
    statement_timeout: queryTimeout,
    keepAlive: true,
    application_name: 'cloakroom',
    allowExitOnIdle: true,
    // Counts and times fit a number; as text they would sort and hash differently than on SQLite.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  })
  // The next query opens another.
  const lost = (error: Error) => log.debug('a database connection was lost', { error })
  pool.on('error', lost)
  // The pool does not listen to a connection in use; one that breaks between two queries would end the process.
  pool.on('connect', (client) => client.on('error', lost))
  return new Kysely({ dialect: new PostgresDialect({ pool }) })
}

const tooLate = () => new Error(`the database did not answer within ${READY_MS} ms`)
