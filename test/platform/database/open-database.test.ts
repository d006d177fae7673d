import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { sql } from 'kysely'
import type { DatabaseConfig } from '../../../src/platform/config/database-settings.ts'
import { type Database, openDatabase } from '../../../src/platform/database/open-database.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { needPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts'

describe('The database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloakroom-database-'))
  const opened: Database[] = []
  after(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close()
  })
  const open = (config: DatabaseConfig) => {
    const database = openDatabase(config, { log: silentLog })
    opened.push(database)
    return database
  }
  const rowsIn = async ({ db }: Database) => (await db.selectFrom('audit_event').selectAll().execute()).length
  const changesIn = async ({ db }: Database) =>
    (await sql<{ name: string }>`select name from cloakroom_migration`.execute(db)).rows.length

  describe('in SQLite', () => {
    it('makes its tables, and finds them made the next time', async () => {
      const config: DatabaseConfig = { kind: 'sqlite', file: join(folder, 'new/folder/twice.db') }
      for (const _ of [1, 2]) {
        const database = open(config)
        await database.ready()
        await database.ready()
        expect([await rowsIn(database), await changesIn(database)]).to.deep.equal([0, 1])
      }
    })

    it('is a file that nobody else on the machine may read', async () => {
      const file = join(folder, 'private.db')
      await open({ kind: 'sqlite', file }).ready()
      for (const part of ['', '-wal', '-shm']) expect(statSync(file + part).mode & 0o077, part).to.equal(0)
    })

    it('is made once by processes that start at the same moment', () => {
      const file = join(folder, 'race.db')
      const script = `
        import { openDatabase } from './src/platform/database/open-database.ts'
        import { silentLog } from './src/platform/observability/log.ts'
        const database = openDatabase({ kind: 'sqlite', file: process.argv[1] }, { log: silentLog })
        await database.ready()
        await database.close()`
      const all = `for i in 1 2 3; do node --input-type=module -e "$SCRIPT" "$0" & pids="$pids $!"; done; for p in $pids; do wait $p || exit 1; done`
      const { status, stderr } = spawnSync('bash', ['-c', all, file], {
        encoding: 'utf8',
        env: { ...process.env, SCRIPT: script },
      })
      expect(status, stderr).to.equal(0)
    }).timeout(30_000)

    it('says so when its file cannot be opened, and tries again', async () => {
      const database = open({ kind: 'sqlite', file: '/dev/null/cannot/be.db' })
      for (const _ of [1, 2]) {
        const error = await database.ready().catch((thrown: Error) => thrown)
        expect(error).to.be.instanceOf(Error)
      }
    })
  })

  describe('in PostgreSQL', () => {
    let server: PostgresServer
    before(async function () {
      this.timeout(60_000)
      needPostgres(this)
      server = await startPostgres()
    })
    after(() => server?.stop())

    it('is made once by instances that start at the same moment', async () => {
      const url = await server.newDatabase()
      const instances = Array.from({ length: 4 }, () => open({ kind: 'postgres', url }))
      await Promise.all(instances.map((instance) => instance.ready()))
      for (const instance of instances) expect(await changesIn(instance)).to.equal(1)
      const again = open({ kind: 'postgres', url })
      await again.ready()
      expect(await rowsIn(again)).to.equal(0)
    })

    it('that is away is not waited for; its tables are made when it is back', async () => {
      const url = await server.newDatabase()
      await server.kill()
      const database = open({ kind: 'postgres', url })
      const ask = () => database.ready().catch((error: Error) => error)
      expect(await ask()).to.be.instanceOf(Error)
      await server.restart()
      await database.ready()
      expect(await changesIn(database)).to.equal(1)
    })

    it('that dies between two steps of a transaction takes the transaction with it, not the process', async () => {
      const database = open({ kind: 'postgres', url: await server.newDatabase() })
      await database.ready()
      const error = await database.db
        .transaction()
        .execute(async (trx) => {
          await sql`select 1`.execute(trx)
          await server.kill()
          await sql`select 1`.execute(trx)
        })
        .catch((thrown: Error) => thrown)
      expect(error).to.be.instanceOf(Error)
      await server.restart()
      await database.ping()
    })

    it('is asked by as many connections as are allowed, and no more', async () => {
      const database = open({ kind: 'postgres', url: await server.newDatabase(), connections: 2 })
      await database.ready()
      const mine = sql<{ pid: number }>`select pg_backend_pid() as pid from pg_sleep(0.01)`
      const answers = await Promise.all(Array.from({ length: 8 }, () => mine.execute(database.db)))
      expect(new Set(answers.map(({ rows }) => rows[0]?.pid)).size).to.equal(2)
    })

    it('that hangs is given up, and used again when it goes on', async () => {
      const database = open({ kind: 'postgres', url: await server.newDatabase() })
      await database.ready()
      server.pause()
      const error = await database.ping().catch((thrown: Error) => thrown)
      expect(error).to.be.instanceOf(Error)
      server.resume()
      await database.ping()
    })
  })
})
