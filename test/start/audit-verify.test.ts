import { join } from 'node:path'
import { expect } from 'chai'
import { sql } from 'kysely'
import { assembleAudit } from '../../src/assembly/audit.ts'
import { openDatabase } from '../../src/platform/database/open-database.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { event } from '../contracts/audit-world.ts'
import { auditFoundation } from '../support/audit-foundation.ts'
import { leastEnv, workplace } from './run-gateway.ts'

describe('npm run audit:verify', function () {
  this.timeout(30_000)
  const { run, folder } = workplace()

  /** A trail in a file of the workplace, with 1200 rows. */
  async function trail(spoil = '') {
    const database = openDatabase({ kind: 'sqlite', file: join(folder(), 'audit.db') }, { log: silentLog })
    const options = { onFailure: 'refuse', spoolSize: 2_000, retentionDays: 0, hashKeys: [] } as const
    const foundation = { ...auditFoundation(), database }
    const audit = assembleAudit({ ...options, hashKeys: [] }, foundation)
    for (let i = 0; i < 1_199; i++) audit.note(event())
    await audit.close()
    if (spoil !== '') await sql.raw(spoil).execute(database.db)
    await database.close()
  }
  const verify = (env: Record<string, string> = {}) =>
    run('audit:verify', { ...leastEnv, DATABASE_URL: 'sqlite:./audit.db', ...env })

  it('says that a trail is in order, shows how far it is and where it ends, and exits with 0', async () => {
    await trail()
    const check = verify()
    expect(await check.ended, check.stderr()).to.deep.equal({ code: 0, signal: null })
    expect(check.stdout()).to.match(
      /^ {2}1000 of about 1200 rows\nThe audit trail is in order: 1200 rows in 1 chain\.\n/,
    )
    expect(check.stdout()).to.contain('No key is set (AUDIT_HASH_KEYS)')
    expect(check.stdout()).to.match(/\n {2}w-[\da-f]{16}:1200:[\da-f]{64}\n$/)
  })

  it('names the row that was changed, and exits with 1', async () => {
    await trail("update audit_event set actor_username = 'mallory' where seq = 77")
    const check = verify()
    expect(await check.ended).to.deep.equal({ code: 1, signal: null })
    expect(check.stdout()).to.contain('The audit trail is NOT in order: 1 finding in 1200 rows of 1 chain.')
    expect(check.stdout()).to.match(/ {2}✗ CHANGED {2}w-[\da-f]{16}#77: its content does not fit its hash\n/)
  })

  it('finds that nothing can be checked, says why, and exits with 1', async () => {
    const cases: [env: Record<string, string>, says: RegExp][] = [
      [{}, /names \.\/audit\.db, which does not exist/],
      [{ DATABASE_URL: '' }, /DATABASE_URL is not set/],
      [{ DATABASE_URL: 'sqlite:.env' }, /there is none in this database yet/],
      [{ DATABASE_URL: 'postgres://nobody:canary@127.0.0.1:9/nothing' }, /not checked: .*ECONNREFUSED/],
    ]
    for (const [env, says] of cases) {
      const check = verify(env)
      expect(await check.ended, JSON.stringify(env)).to.deep.equal({ code: 1, signal: null })
      expect(check.stderr()).to.match(says).and.not.to.contain('canary')
      expect(check.stdout()).to.equal('')
    }
  })

  it('exits with 78 when the configuration is wrong', async () => {
    const check = verify({ DATABASE_URL: 'mysql://db/x' })
    expect(await check.ended).to.deep.equal({ code: 78, signal: null })
    expect(check.stderr()).to.contain('DATABASE_URL: must be postgres://')
  })
})
