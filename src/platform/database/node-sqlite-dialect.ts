import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely'

/** Milliseconds that a write waits for another process that holds the file. */
const BUSY_MS = 2_000
const SQLITE_BUSY = 5

/**
 * Kysely's own SQLite dialect over `node:sqlite`. Transactions that write take the file's lock at once (`begin
 * immediate`): the migrations of two processes wait for each other, and no write fails half-way because another one came
 * between. Every call blocks the process for as long as the disk takes, so this is for one small instance.
 * @param file a path, or `:memory:`
 */
export function nodeSqliteDialect(file: string): Dialect {
  return {
    createDriver: () => new ImmediateSqliteDriver({ database: async () => openSqlite(file) }),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    return {
      executeQuery: (query) => patiently(() => connection.executeQuery(query)),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    }
  }

  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(settings?.accessMode === 'read only' ? 'begin' : 'begin immediate'))
  }
}

/** A statement that finds the file locked has done nothing; it is tried again without blocking the process meanwhile. */
async function patiently<T>(statement: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + BUSY_MS; ; ) {
    try {
      return await statement()
    } catch (error) {
      const { errcode } = error as { errcode?: unknown }
      if (errcode !== SQLITE_BUSY || performance.now() > end) throw error
      await pause(5)
    }
  }
}

/** SQLite can undo a change of tables; Kysely assumes that it cannot. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

function openSqlite(file: string): SqliteDatabase {
  if (file !== ':memory:') {
    mkdirSync(dirname(file), { recursive: true })
    // It tells who signed in from where: nobody else on the machine may read it.
    closeSync(openSync(file, 'a', 0o600))
  }
  const database = new DatabaseSync(file, { timeout: BUSY_MS })
  // With a write-ahead log readers never wait; `full` waits for the disk at each commit.
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 0')
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text)
      // Whole numbers beyond what a number holds would otherwise be an error; here nobody writes any, but somebody may.
      statement.setReadBigInts(true)
      const values = (parameters: readonly unknown[]) => parameters.map(asValue)
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...values(parameters)).map(withNumbers),
        run: (parameters) => statement.run(...values(parameters)),
        iterate: (parameters) => eachWithNumbers(statement.iterate(...values(parameters))),
      }
    },
  }
}

/** As PostgreSQL's are read: too large ones lose their last digits, and with them the fit to their hash. */
function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  for (const name in row) if (typeof row[name] === 'bigint') row[name] = Number(row[name])
  return row
}

function* eachWithNumbers(rows: Iterable<Record<string, unknown>>) {
  for (const row of rows) yield withNumbers(row)
}

function asValue(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  throw new Error(`a ${typeof value} cannot be stored`)
}
