import { expect } from 'chai'
import { auditEntry } from '../../../src/platform/audit/audit-entry.ts'
import { createChainWriter } from '../../../src/platform/audit/chain-writer.ts'
import { createRowHash } from '../../../src/platform/audit/row-hash.ts'
import { verifyAudit } from '../../../src/platform/audit/verify-audit.ts'
import { type Database, openDatabase } from '../../../src/platform/database/open-database.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { event } from '../../contracts/audit-world.ts'

type Db = Database['db']

describe('The chain of one instance', () => {
  const rowHash = createRowHash([])
  let database: Database
  let failure: 'before' | 'after' | undefined
  beforeEach(() => {
    failure = undefined
    database = openDatabase({ kind: 'sqlite', file: ':memory:' }, { log: silentLog })
  })
  afterEach(() => database.close())

  /** The same database over a line that breaks once: before the transaction, or after it, with the answer. */
  function onABadLine(): Database {
    const db = new Proxy(database.db, {
      get(target, name) {
        if (name === 'transaction')
          return () => ({
            async execute(work: Parameters<ReturnType<Db['transaction']>['execute']>[0]) {
              const now = failure
              failure = undefined
              if (now === 'before') throw new Error('the line broke')
              await target.transaction().execute(work)
              if (now === 'after') throw new Error('the answer was lost')
            },
          })
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
    return { ...database, db }
  }

  function start() {
    let writers = 0
    return createChainWriter({
      database: onABadLine(),
      rowHash,
      newWriter: () => `w-${++writers}`,
      opening: async () => auditEntry(event({ action: 'audit.opened' }), 1),
      log: silentLog,
    })
  }
  const entry = (correlationId: string) => auditEntry(event({ correlationId }), 1)
  const rows = () => database.db.selectFrom('audit_event').selectAll().orderBy('writer').orderBy('seq').execute()
  const check = async () => (await verifyAudit({ database, rowHash })).findings

  for (const when of ['before', 'after'] as const)
    it(`stores each entry once when the line breaks ${when} they are stored`, async () => {
      const writer = start()
      const entries = [entry('1'), entry('2')]
      for (const batch of [entries, [entry('3')]]) {
        failure = when
        const error = await writer.append(batch).catch((thrown: Error) => thrown)
        expect(error).to.be.instanceOf(Error)
        // Some were given up meanwhile, others came.
        await writer.append([...batch, entry('new')])
      }
      const ids = (await rows()).map(({ correlation_id }) => correlation_id)
      expect(ids).to.deep.equal(['request-1', '1', '2', 'new', '3', 'new'])
      expect(writer.head().seq).to.equal(6)
      expect(await check()).to.deep.equal([])
    })

  it('is begun anew when somebody else wrote its next row, and both show', async () => {
    const writer = start()
    await writer.append([entry('1')])
    const [, last] = await rows()
    await database.db
      .insertInto('audit_event')
      .values({ ...(last ?? expect.fail()), seq: 3 })
      .execute()
    const error = await writer.append([entry('2')]).catch((thrown: Error) => thrown)
    expect(error).to.be.instanceOf(Error)
    await writer.append([entry('2')])
    expect(writer.writer()).to.equal('w-2')
    expect((await check()).map(({ writer: name, seq }) => `${name} ${seq}`)).to.include('w-1 3')
  })

  it('is not begun before there is something to write', async () => {
    const writer = start()
    await writer.append([])
    expect(await rows()).to.deep.equal([])
    expect(writer.head()).to.deep.equal({ seq: 0, hash: '' })
  })
})
