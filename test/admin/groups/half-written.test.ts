import { expect } from 'chai'
import type { RealmPlan } from '../fake-realm.ts'
import { type GroupDeskWorld, openGroupDesk } from './group-desk-world.ts'

const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:gold': [], 'client:shop:read': [] },
  groups: {
    staff: { roles: ['realm:gold', 'client:shop:read'] },
    support: { above: 'staff', roles: [] },
    other: { roles: [] },
  },
  people: { ada: { roles: ['realm:admin'] }, ann: { groups: ['support'] } },
}
const BOTH = ['realm:gold', 'client:shop:read']

/** Every way in which Keycloak fails in the middle: not done, or done with a lost answer. */
const WAYS = [{ after: false }, { after: true }]
type Change = [what: string, step: string, change: (world: GroupDeskWorld) => Promise<unknown>]
const CHANGES: Change[] = [
  ['giving roles', 'assign group client roles', (w) => w.assign.giveRoles(w.as('ada'), 'other', BOTH)],
  ['taking roles', 'withdraw group client roles', (w) => w.assign.takeRoles(w.as('ada'), 'staff', BOTH)],
]

describe('When Keycloak fails in the middle of', () => {
  const shape = (world: GroupDeskWorld) =>
    JSON.stringify(
      ['staff', 'support', 'other'].map((id) => ({
        ...world.fake.group(id),
        roles: world.fake.group(id)?.roles.toSorted(),
      })),
    )

  for (const [what, step, change] of CHANGES)
    for (const { after } of WAYS)
      it(`${what}${after ? ', and the answer alone was lost' : ''}: all is as it was`, async () => {
        const world = openGroupDesk(PLAN)
        const before = shape(world)
        world.fake.fail(step, { after })
        expect(await change(world).catch((error: { code: string }) => error.code)).to.equal('KEYCLOAK_UNAVAILABLE')
        expect(shape(world)).to.equal(before)
        expect(world.rows.at(-1)).to.deep.include({ outcome: 'failed', after: '{"error":"KEYCLOAK_UNAVAILABLE"}' })
        expect(world.renewed, 'nobody has anything new').to.deep.equal([])
        expect(world.forgotten).to.have.length(1)
      })

  it('a move that is seen to have gone wrong: the group goes back', async () => {
    const world = openGroupDesk(PLAN)
    const before = shape(world)
    // The first reading is that of the turn, the second that of the place to go to, the third looks at what was moved.
    world.fake.failReads(3)
    const code = await world.move(world.as('ada'), 'support', 'other', undefined).catch((error) => error.code)
    expect(code).to.equal('KEYCLOAK_UNAVAILABLE')
    expect(shape(world)).to.equal(before)
    expect(world.realm.writes).to.deep.equal(['move group support other', 'move group support staff'])
  })

  it('undoing too: it says that things are half-way', async () => {
    const world = openGroupDesk(PLAN)
    world.fake.fail('assign group client roles')
    world.fake.fail('withdraw group roles')
    const give = world.assign.giveRoles(world.as('ada'), 'other', BOTH)
    expect(await give.catch((error: { code: string }) => error.code)).to.equal('CHANGE_INCOMPLETE')
    expect(world.rows.at(-1)).to.deep.include({ outcome: 'failed', after: '{"error":"CHANGE_INCOMPLETE"}' })
  })

  for (const [what, step, change] of [
    [
      'creating',
      'create group',
      (w) => w.change.create(w.as('ada'), { name: 'x', description: null, attributes: {} }, 'other'),
    ],
    ['renaming', 'change group', (w) => w.change.change(w.as('ada'), 'other', { name: 'x' }, undefined)],
    ['moving', 'move group', (w) => w.move(w.as('ada'), 'support', 'other', undefined)],
    [
      'deleting',
      'remove group',
      (w) => w.change.remove(w.as('ada'), 'other', { withContents: false, version: undefined }),
    ],
  ] satisfies Change[])
    it(`${what}, which is one step: nothing has changed`, async () => {
      const world = openGroupDesk(PLAN)
      const [before, ids] = [shape(world), world.fake.ids()]
      world.fake.fail(step)
      expect(await change(world).catch((error: { code: string }) => error.code)).to.equal('KEYCLOAK_UNAVAILABLE')
      expect([shape(world), world.fake.ids()]).to.deep.equal([before, ids])
      expect(world.rows.at(-1)?.outcome).to.equal('failed')
    })
})
