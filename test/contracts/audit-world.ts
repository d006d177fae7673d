import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditTrail, assembleAudit } from '../../src/assembly/audit.ts'
import type { AuditEvent } from '../../src/platform/audit/audit-event.ts'
import { createRowHash } from '../../src/platform/audit/row-hash.ts'
import { type AuditVerdict, type VerifyAuditParts, verifyAudit } from '../../src/platform/audit/verify-audit.ts'
import type { Config } from '../../src/platform/config/config.ts'
import type { DatabaseConfig } from '../../src/platform/config/database-settings.ts'
import { type Database, openDatabase } from '../../src/platform/database/open-database.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createMetrics } from '../../src/platform/observability/metrics.ts'
import { auditFoundation } from '../support/audit-foundation.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'

/** One database and the instances that write into it. */
export interface AuditWorld {
  readonly database: Database
  readonly clock: TestClock
  /** Another instance, with a chain of its own. */
  instance(changes?: Partial<Config['audit']>): AuditTrail
  verify(parts?: Partial<VerifyAuditParts>): Promise<AuditVerdict>
  close(): Promise<void>
}

export type OpenAuditWorld = () => Promise<AuditWorld>

export const KEY = Buffer.alloc(32, 'a key of these tests')

/** The databases of one suite; `before` and `after` are called by it. */
export interface AuditDatabases {
  before?(context: Mocha.Context): Promise<void>
  after?(): Promise<void>
  open: OpenAuditWorld
}

export function sqliteInMemory(): AuditDatabases {
  return { open: async () => worldOf(() => ({ kind: 'sqlite', file: ':memory:' }), true) }
}

export function sqliteFile(): AuditDatabases {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-audit-'))
  let files = 0
  return {
    after: async () => rmSync(folder, { recursive: true, force: true }),
    open: async () => {
      const file = join(folder, `${++files}.db`)
      return worldOf(() => ({ kind: 'sqlite', file }), false)
    },
  }
}

export function postgres(need: (context: Mocha.Context) => void): AuditDatabases {
  let server: PostgresServer | undefined
  return {
    async before(context) {
      need(context)
      server = await startPostgres()
    },
    after: async () => server?.stop(),
    async open() {
      const url = (await server?.newDatabase()) ?? ''
      return worldOf(() => ({ kind: 'postgres', url }), false)
    },
  }
}

/** @param shared whether all instances have to use one connection, because nobody else sees that database */
async function worldOf(config: () => DatabaseConfig, shared: boolean): Promise<AuditWorld> {
  const clock = testClock()
  const open: Database[] = []
  const openOne = () => {
    const database = openDatabase(config(), { log: silentLog })
    open.push(database)
    return database
  }
  const database = openOne()
  await database.ready()
  return {
    database,
    clock,
    instance: (changes = {}) =>
      assembleAudit(
        { onFailure: 'refuse', spoolSize: 1_000, retentionDays: 365, hashKeys: [], ...changes },
        { ...auditFoundation(createMetrics(), clock), database: shared ? database : openOne() },
      ),
    verify: (parts = {}) => verifyAudit({ database, rowHash: createRowHash([]), ...parts }),
    async close() {
      for (const one of open) await one.close()
    },
  }
}

/** An event as the login writes it; change what matters. */
export function event(changes: Partial<AuditEvent> = {}): AuditEvent {
  const { sub, username } = the.alice()
  return {
    action: 'session.login',
    outcome: 'ok',
    actor: { kind: 'user', id: sub, username, client: 'cloakroom' },
    target: { kind: 'user', id: sub },
    address: '192.0.2.7',
    correlationId: 'request-1',
    ...changes,
  }
}
