import { expect } from 'chai'
import { auditEntry } from '../../../src/platform/audit/audit-entry.ts'
import type { ChainHeads } from '../../../src/platform/audit/chain-heads.ts'
import { headsOfOthers } from '../../../src/platform/audit/chain-heads.ts'
import { createChainWriter } from '../../../src/platform/audit/chain-writer.ts'
import { createCheckpoints } from '../../../src/platform/audit/checkpoints.ts'
import { createRowHash } from '../../../src/platform/audit/row-hash.ts'
import { verifyAudit } from '../../../src/platform/audit/verify-audit.ts'
import { type Database, openDatabase } from '../../../src/platform/database/open-database.ts'
import { type Log, silentLog } from '../../../src/platform/observability/log.ts'
import { adaptHead, drop } from '../../contracts/audit-forgery.ts'
import { event } from '../../contracts/audit-world.ts'

describe('Checkpoints', () => {
  const rowHash = createRowHash([])
  let database: Database
  let logged: unknown[]
  beforeEach(() => {
    logged = []
    database = openDatabase({ kind: 'sqlite', file: ':memory:' }, { log: silentLog })
  })
  afterEach(() => database.close())

  /** An instance that writes at once. */
  function start(name: string) {
    const own = (action: 'audit.opened' | 'audit.checkpoint', heads: ChainHeads) => ({
      ...auditEntry(event({ action }), 1),
      after: JSON.stringify({ heads }),
    })
    const opening = async () => own('audit.opened', (await headsOfOthers(database, name)).heads)
    const writer = createChainWriter({ database, rowHash, newWriter: () => name, opening, log: silentLog })
    const pushed: ChainHeads[] = []
    const log: Log = { ...silentLog, info: (message, meta) => void logged.push([message, meta]) }
    const checkpoints = createCheckpoints({ database, writer, push: ({ heads }) => pushed.push(heads), log })
    return {
      happen: () => writer.append([auditEntry(event(), 1)]),
      head: () => writer.head(),
      /** What it noted, if anything. */
      async note() {
        await checkpoints.write()
        const heads = pushed.splice(0)
        await writer.append(heads.map((one) => own('audit.checkpoint', one)))
        return heads
      },
    }
  }

  it('note where the others are, once something happened there', async () => {
    const [a, b] = [start('a'), start('b')]
    await a.happen()
    expect(await b.note()).to.deep.equal([{ a: [2, a.head().hash] }])
    expect(await b.note()).to.deep.equal([])
    await a.happen()
    expect(await b.note()).to.deep.equal([{ a: [3, a.head().hash] }])
  })

  it('come to an end when nothing happens: instances do not answer each other', async () => {
    const all = [start('a'), start('b'), start('c')]
    for (const one of all) await one.happen()
    let rounds = 0
    for (let noted = -1; noted !== 0; rounds++) {
      noted = 0
      for (const one of all) noted += (await one.note()).length
    }
    expect(rounds).to.be.at.most(3)
  })

  it('show a cut of what they noted', async () => {
    const [a, b] = [start('a'), start('b')]
    for (let i = 0; i < 5; i++) await a.happen()
    await b.note()
    await a.happen()
    await drop(database.db, 'a', 6, 7)
    await adaptHead(database.db, 'a', 5)
    const { findings } = await verifyAudit({ database, rowHash })
    expect(findings.map(({ kind, writer, seq }) => [kind, writer, seq])).to.deep.include(['cut', 'a', 6])
  })

  it('hand the own head to the log, for those who keep it elsewhere', async () => {
    const a = start('a')
    await a.happen()
    await a.note()
    await a.note()
    expect(logged).to.deep.equal([['head of the audit chain', { writer: 'a', ...a.head() }]])
  })
})
