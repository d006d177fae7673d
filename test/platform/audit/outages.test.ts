import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { sql } from 'kysely'
import { type AuditTrail, assembleAudit } from '../../../src/assembly/audit.ts'
import { createRowHash } from '../../../src/platform/audit/row-hash.ts'
import { verifyAudit } from '../../../src/platform/audit/verify-audit.ts'
import type { Config } from '../../../src/platform/config/config.ts'
import type { DatabaseConfig } from '../../../src/platform/config/database-settings.ts'
import { type Database, openDatabase } from '../../../src/platform/database/open-database.ts'
import type { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createMetrics } from '../../../src/platform/observability/metrics.ts'
import { event } from '../../contracts/audit-world.ts'
import { auditFoundation } from '../../support/audit-foundation.ts'
import { needPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts'

/** One instance, and how its database goes away and comes back. */
interface Outage {
  config(): Promise<DatabaseConfig>
  begin(database: Database): Promise<void>
  end(database: Database): Promise<void>
}

describe('While the audit database is away', function () {
  this.timeout(40_000)
  let server: PostgresServer | undefined
  const postgres = () => server ?? expect.fail('PostgreSQL was not started')
  before(async function () {
    needPostgres(this)
    server = await startPostgres()
  })
  after(() => server?.stop())

  const inPostgres = async (): Promise<DatabaseConfig> => ({ kind: 'postgres', url: await postgres().newDatabase() })
  const inMemory = async (): Promise<DatabaseConfig> => ({ kind: 'sqlite', file: ':memory:' })
  const OUTAGES: Record<string, Outage> = {
    'PostgreSQL died': { config: inPostgres, begin: () => postgres().kill(), end: () => postgres().restart() },
    'PostgreSQL hangs': {
      config: inPostgres,
      begin: async () => postgres().pause(),
      end: async () => postgres().resume(),
    },
    'the disk of SQLite is full': {
      config: inMemory,
      begin: async ({ db }) => void (await sql`pragma max_page_count = 1`.execute(db)),
      end: async ({ db }) => void (await sql`pragma max_page_count = 1000000`.execute(db)),
    },
    'the file of SQLite is read-only': {
      config: inMemory,
      begin: async ({ db }) => void (await sql`pragma query_only = on`.execute(db)),
      end: async ({ db }) => void (await sql`pragma query_only = off`.execute(db)),
    },
  }

  for (const [what, outage] of Object.entries(OUTAGES))
    describe(`because ${what}`, () => {
      let database: Database
      let audit: AuditTrail
      let metrics: ReturnType<typeof createMetrics>

      async function begin(changes: Partial<Config['audit']> = {}) {
        database = openDatabase(await outage.config(), { log: silentLog })
        metrics = createMetrics()
        const config = { onFailure: 'refuse', spoolSize: 100, retentionDays: 0, hashKeys: [], ...changes } as const
        audit = assembleAudit({ ...config, hashKeys: [] }, { ...auditFoundation(metrics), database })
        await audit.record(event({ correlationId: 'before' }))
        // Fills the page that is begun, so that a full disk is full.
        for (let i = 0; what.includes('full') && i < 40; i++) await audit.record(event({ correlationId: 'filler' }))
        await outage.begin(database)
      }
      afterEach(async () => {
        await audit.close()
        await database.close()
      })
      const big = { username: 'x'.repeat(1_500), email: 'y'.repeat(1_500) }
      const write = (
        correlationId: string,
        change = async (): Promise<undefined> => undefined,
      ): Promise<GatewayError | undefined> =>
        audit
          .change({ ...event({ action: 'user.update', correlationId }), before: big }, change)
          .catch((error: GatewayError) => error)
      const ids = async () =>
        (await audit.read({}, 200)).rows
          .filter(({ correlation_id: id }) => id !== 'filler' && id !== null)
          .map(({ correlation_id: id, outcome }) => `${id} ${outcome}`)
          .reverse()
      const findings = async () => (await verifyAudit({ database, rowHash: createRowHash([]) })).findings
      const count = async (outcome: string) => {
        const [, value = '0'] =
          new RegExp(`^cloakroom_audit_rows_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(
            (await metrics.expose()).text,
          ) ?? []
        return Number(value)
      }

      it('refuses administrative writes before anything is changed, and keeps sign-ins for later', async () => {
        await begin()
        audit.note(event({ correlationId: 'sign-in', after: big }))
        let changed = false
        const error = await write('during', async () => {
          changed = true
          return undefined
        })
        expect([error?.code, error?.status, changed]).to.deep.equal(['AUDIT_UNAVAILABLE', 503, false])
        expect(error?.headers).to.deep.equal({ 'Retry-After': '5' })
        expect(await count('refused')).to.equal(1)
        await outage.end(database)
        await write('after')
        await audit.close()
        const kept = await ids()
        // A write that hung may have been carried out when the database went on; then its intent is there, once.
        expect(kept.filter((id) => id !== 'during intended')).to.deep.equal([
          'before ok',
          'sign-in ok',
          'after intended',
          'after ok',
        ])
        expect(kept.filter((id) => id === 'during intended')).to.have.length.at.most(what.includes('hangs') ? 1 : 0)
        expect(await findings()).to.deep.equal([])
      })

      it('goes on with administrative writes under AUDIT_ON_FAILURE=spool, and writes them later, in order', async () => {
        await begin({ onFailure: 'spool' })
        expect(await write('during')).to.equal(undefined)
        expect(await count('spooled')).to.equal(1)
        await outage.end(database)
        await write('after')
        await audit.close()
        const expected = ['before ok', 'during intended', 'during ok', 'after intended', 'after ok']
        expect(await ids()).to.deep.equal(expected)
        expect(await findings()).to.deep.equal([])
      })

      it('keeps as many as the bound allows, counts what it loses, and writes that down', async () => {
        await begin({ onFailure: 'spool', spoolSize: 5 })
        for (let i = 0; i < 12; i++) audit.note(event({ correlationId: `sign-in ${i}`, after: big }))
        const error = await write('over the bound')
        expect(error?.code).to.equal('AUDIT_UNAVAILABLE')
        expect(await count('lost')).to.equal(7)
        await outage.end(database)
        await write('after')
        await audit.close()
        expect(await ids()).to.deep.equal([
          'before ok',
          ...Array.from({ length: 5 }, (_, i) => `sign-in ${i} ok`),
          'after intended',
          'after ok',
        ])
        const [gap] = (await audit.read({ action: 'audit.gap' }, 10)).rows
        expect(JSON.parse(gap?.after ?? '{}')).to.include({ lost: 7 })
        expect(await findings()).to.deep.equal([])
      })

      // What goes round the database is the same for each kind of outage; this kind is the quickest.
      if (!what.includes('read-only')) return
      it('asks it no more for a while after five failures, shows that, and goes on by itself', async () => {
        await begin()
        for (let i = 0; i < 5; i++) expect((await write(`during ${i}`))?.code).to.equal('AUDIT_UNAVAILABLE')
        const calls = async () =>
          (await metrics.samples()).filter(({ name }) => name === 'cloakroom_outbound_call_seconds_count')
        const state = async () => (await metrics.samples()).find(({ name }) => name === 'cloakroom_breaker_state')
        expect(await state()).to.deep.include({ labels: { target: 'database' }, value: 2 })
        expect([(await write('at once'))?.code, (await calls()).map(({ labels }) => labels.outcome)]).to.deep.equal([
          'AUDIT_UNAVAILABLE',
          ['ok', 'network', 'breaker-open'],
        ])
        await outage.end(database)
        while ((await write('after')) !== undefined) await pause(50)
        expect(await state()).to.include({ value: 0 })
        await audit.close()
        expect((await ids()).filter((id) => /^(after|at once)/.test(id))).to.deep.equal(['after intended', 'after ok'])
        expect(await findings()).to.deep.equal([])
      })
    })
})
