import { expect } from 'chai'
import { pruneAudit } from '../../src/platform/audit/prune-audit.ts'
import { createRowHash } from '../../src/platform/audit/row-hash.ts'
import { type AuditWorld, event, KEY, type OpenAuditWorld } from './audit-world.ts'

const rowHash = createRowHash([KEY])

/** What retention promises on every database. */
export function auditRetentionContract(open: OpenAuditWorld): void {
  describe('when rows grow old', () => {
    let world: AuditWorld
    beforeEach(async () => {
      world = await open()
    })
    afterEach(() => world.close())

    const prune = () => pruneAudit(world.database, rowHash, world.clock.now() - 86_400_000, world.clock.now())
    const findings = async () => (await world.verify({ rowHash })).findings

    /** Two chains: one that ended two days ago, one that goes on. */
    async function twoDays() {
      const [old, living] = [world.instance({ hashKeys: [KEY] }), world.instance({ hashKeys: [KEY] })]
      const seven = Array.from({ length: 7 }, () => event())
      await Promise.all(seven.flatMap((one) => [old.record(one), living.record(one)]))
      world.clock.advance('2d')
      for (let i = 0; i < 3; i++) await living.record(event())
      return living
    }

    it('loses them from the beginning of each chain, and is still in order', async () => {
      const living = await twoDays()
      const pruned = await prune()
      expect(pruned.map(({ through, rows }) => [through, rows])).to.deep.equal([
        [8, 8],
        [8, 8],
      ])
      expect(await findings()).to.deep.equal([])
      expect((await living.read({}, 200)).rows).to.have.length(3)
      expect(await prune(), 'nothing is left to remove').to.deep.equal([])
      await living.record(event())
      expect(await findings()).to.deep.equal([])
    })

    it('can be pruned by several instances at once', async () => {
      await twoDays()
      const rows = (await Promise.all([prune(), prune(), prune()])).flat().reduce((sum, one) => sum + one.rows, 0)
      expect(rows).to.equal(16)
      expect(await findings()).to.deep.equal([])
    })

    it('shows when more is missing than retention took', async () => {
      const living = await twoDays()
      await prune()
      const [, , oldest] = (await living.read({}, 200)).rows
      await world.database.db
        .deleteFrom('audit_event')
        .where('seq', '=', oldest?.seq ?? 0)
        .execute()
      expect((await findings()).map(({ kind, seq }) => [kind, seq])).to.deep.equal([['missing', 9]])
    })

    it('shows rows that came back, and notes that somebody forged', async () => {
      const living = await twoDays()
      const [row] = (await living.read({ to: world.clock.now() }, 1)).rows
      await prune()
      await world.database.db
        .insertInto('audit_event')
        .values(row ?? [])
        .execute()
      expect((await findings()).map(({ kind }) => kind)).to.deep.equal(['inserted'])
      await world.database.db.deleteFrom('audit_event').execute()
      const open = createRowHash([])
      for (const chain of await world.database.db.selectFrom('audit_chain').selectAll().execute()) {
        const note = { ...chain, pruned_seq: chain.head_seq, pruned_hash: chain.head_hash, pruned_key_id: '' }
        const forged = { ...note, pruned_proof: open.pruned(note) }
        await world.database.db.updateTable('audit_chain').set(forged).where('writer', '=', chain.writer).execute()
      }
      expect((await findings()).map(({ kind }) => kind)).to.deep.equal(['unproven', 'unproven'])
    })
  })
}
