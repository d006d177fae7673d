import { expect } from 'chai'
import type { AuditFinding } from '../../src/platform/audit/audit-finding.ts'
import { createRowHash } from '../../src/platform/audit/row-hash.ts'
import { adaptHead, drop, rehash } from './audit-forgery.ts'
import { TAMPERINGS } from './audit-tamperings.ts'
import { type AuditWorld, event, KEY, type OpenAuditWorld } from './audit-world.ts'

/** What the check of the trail finds on every database. */
export function auditTamperingContract(open: OpenAuditWorld): void {
  describe('when it is checked', () => {
    let world: AuditWorld
    let a: string
    beforeEach(async () => {
      world = await open()
      a = await fill(world)
    })
    afterEach(() => world.close())

    const foundIn = (findings: readonly AuditFinding[]) =>
      findings.map(({ kind, writer, seq }) => [kind, writer === a ? 'a' : writer, seq])

    it('is in order, and tells its heads', async () => {
      const { rows, findings, heads } = await world.verify()
      expect([rows, findings]).to.deep.equal([12, []])
      expect(heads.find(({ writer }) => writer === a)?.seq).to.equal(10)
    })

    for (const [what, how, found] of TAMPERINGS)
      it(`shows when ${what}, and names the row`, async () => {
        await how(world.database.db, a)
        const { findings } = await world.verify()
        expect(foundIn(findings), JSON.stringify(findings)).to.have.deep.members(found)
      })

    it('shows a cut that no other chain knows of, to somebody who kept the head', async () => {
      const { heads } = await world.verify()
      const b = heads.find(({ writer }) => writer !== a) ?? expect.fail()
      await drop(world.database.db, b.writer, 2, 2)
      await adaptHead(world.database.db, b.writer, 1)
      expect((await world.verify()).findings, 'without the head').to.deep.equal([])
      const known = [{ ...b, by: 'yesterday' }]
      expect(foundIn((await world.verify({ known })).findings)).to.deep.equal([['cut', b.writer, 2]])
    })

    it('goes on writing after a cut in such a way that the gap shows', async () => {
      const audit = world.instance()
      world.clock.advance('1s')
      for (let i = 0; i < 5; i++) await audit.record(event())
      const own = (await audit.read({}, 1)).rows[0] ?? expect.fail()
      await drop(world.database.db, own.writer, 5, 6)
      await adaptHead(world.database.db, own.writer, 4)
      await audit.record(event())
      expect(foundIn((await world.verify()).findings)).to.deep.equal([['missing', own.writer, 5]])
    })
  })

  describe('when it is checked, with a key,', () => {
    const rowHash = createRowHash([KEY])
    let world: AuditWorld
    afterEach(() => world.close())

    it('shows what somebody without the key made to fit', async () => {
      world = await open()
      const a = await fill(world, [KEY])
      const { db } = world.database
      expect((await world.verify({ rowHash })).findings).to.deep.equal([])
      for (let seq = 4; seq <= 10; seq++) await rehash(db, a, seq, { actor_username: 'mallory' }, true)
      await adaptHead(db, a, 10)
      const kinds = new Set((await world.verify({ rowHash })).findings.map(({ kind }) => kind))
      expect([...kinds]).to.have.members(['changed', 'unproven'])
    })

    it('shows a whole trail that was written anew without one', async () => {
      world = await open()
      await fill(world)
      const { findings } = await world.verify({ rowHash })
      expect(findings.map(({ kind }) => kind)).to.deep.equal(['unproven', 'unproven'])
    })

    it('goes on from a trail without one, once a signed row has noted it', async () => {
      world = await open()
      await fill(world)
      const signing = world.instance({ hashKeys: [KEY] })
      await signing.record(event())
      expect((await world.verify({ rowHash })).findings).to.deep.equal([])
    })

    it('says when the key is not known', async () => {
      world = await open()
      await fill(world, [KEY])
      const other = createRowHash([Buffer.alloc(32, 'another')])
      const { findings } = await world.verify({ rowHash: other })
      expect(new Set(findings.map(({ kind }) => kind))).to.deep.equal(new Set(['unknown-key']))
      const rotated = createRowHash([Buffer.alloc(32, 'another'), KEY])
      expect((await world.verify({ rowHash: rotated })).findings).to.deep.equal([])
    })
  })
}

/** Chain `a` with ten rows, then another chain that noted it. */
async function fill(world: AuditWorld, hashKeys: Buffer[] = []): Promise<string> {
  const audit = world.instance({ hashKeys })
  const nine = Array.from({ length: 9 }, (_, i) => event({ correlationId: `${i}`, after: { username: `u${i}` } }))
  await Promise.all(nine.map((one) => audit.record(one)))
  const { rows } = await audit.read({}, 1)
  await world.instance({ hashKeys }).record(event())
  return rows[0]?.writer ?? ''
}
