import { expect } from 'chai'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { type GroupDeskWorld, openGroupDesk } from './group-desk-world.ts'

const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [], 'realm:gold': ['realm:customer'], 'client:shop:read': [] },
  groups: {
    staff: { roles: ['realm:customer'] },
    support: { above: 'staff', roles: [] },
    night: { above: 'support', roles: [] },
    other: { roles: ['realm:gold'] },
  },
  people: { ada: { roles: ['realm:admin'] }, ann: { groups: ['support'] }, ben: { groups: ['night', 'staff'] } },
}
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof GatewayError)) throw error
      return error.details.rule ?? error.code
    },
  )

describe('A change of groups', () => {
  let world: GroupDeskWorld
  beforeEach(() => {
    world = openGroupDesk(PLAN)
  })
  const ada = () => world.as('ada')

  it('is recorded before it is made, with what was and what is', async () => {
    await world.change.change(ada(), 'support', { name: 'help', description: 'At day' }, undefined)
    expect(world.trail()).to.deep.equal(['group.update intended', 'group.update ok'])
    expect(world.rows[1]?.before).to.equal('{"description":null,"name":"support","path":"/staff/support"}')
    expect(world.rows[1]?.after).to.equal('{"description":"At day","name":"help"}')
    await world.assign.giveRoles(ada(), 'support', ['realm:gold'])
    expect(world.rows[3]).to.deep.include({
      before: '{"path":"/staff/help","roles":[]}',
      after: '{"roles":["realm:gold"]}',
    })
    await world.move(ada(), 'support', 'other', undefined)
    expect(world.rows[5]).to.deep.include({
      before: '{"parent":"staff","path":"/staff/help"}',
      after: '{"parent":"other","path":"/other/help"}',
    })
    await world.change.create(ada(), { name: 'new', description: null, attributes: {} }, null)
    expect(world.trail().slice(-2)).to.deep.equal(['group.create intended', 'group.create ok'])
    await world.change.remove(ada(), 'support', { withContents: true, version: undefined })
    expect(world.rows.at(-1)?.before).to.contain('"groups":2').and.to.contain('"members":2')
    expect(world.trail().at(-1)).to.equal('group.delete ok')
  })

  it('is not made when it cannot be recorded', async () => {
    world.state.auditWorks = false
    expect(await outcome(world.move(ada(), 'support', null, undefined))).to.equal('AUDIT_UNAVAILABLE')
    expect(await outcome(world.assign.giveRoles(ada(), 'staff', ['realm:gold']))).to.equal('AUDIT_UNAVAILABLE')
    expect(world.realm.writes).to.deep.equal([])
  })

  it('that is refused is recorded too', async () => {
    expect(await outcome(world.assign.giveRoles(world.as('ann'), 'support', ['realm:admin']))).to.equal('permission')
    expect(world.trail()).to.deep.equal(['group.update refused'])
  })

  it('counts at once for whoever is in the group or below it, and clears what is remembered', async () => {
    await world.assign.giveRoles(ada(), 'support', ['realm:gold'])
    await world.assign.takeRoles(ada(), 'support', ['realm:gold'])
    await world.move(ada(), 'night', 'other', undefined)
    await world.change.change(ada(), 'night', { name: 'late' }, undefined)
    await world.change.change(ada(), 'staff', { attributes: { floor: ['1'] } }, undefined)
    await world.change.change(ada(), 'staff', { description: 'All of us' }, undefined)
    await world.change.remove(ada(), 'support', { withContents: true, version: undefined })
    expect(world.renewed).to.deep.equal([['ann', 'ben'], ['ann', 'ben'], ['ben'], ['ben'], ['ben', 'ann'], ['ann']])
    expect(world.forgotten).to.deep.equal([1, 2, 3, 4, 5, 6, 7])
  })

  it('stands when nobody can be told that it counts at once', async () => {
    world.state.cutOffsWork = false
    expect(await outcome(world.assign.giveRoles(ada(), 'support', ['realm:gold']))).to.equal('done')
    expect(world.fake.group('support')?.roles).to.deep.equal(['realm:gold'])
  })

  it('counts for everyone where too many are concerned to be named', async () => {
    const crowd = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`p${at}`, { groups: ['staff'] }]))
    const many = openGroupDesk({ ...PLAN, people: { ...PLAN.people, ...crowd } })
    await many.assign.giveRoles(many.as('ada'), 'staff', ['realm:gold'])
    const rooms = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`g${at}`, { above: 'other', roles: [] }]))
    const wide = openGroupDesk({ ...PLAN, groups: { ...PLAN.groups, ...rooms } })
    await wide.assign.giveRoles(wide.as('ada'), 'other', ['realm:admin'])
    expect([many.renewed, wide.renewed]).to.deep.equal([['everyone'], ['everyone']])
  })

  it('gives a name once in a place', async () => {
    const fields = { name: 'support', description: null, attributes: {} }
    expect(await outcome(world.change.create(ada(), fields, 'staff'))).to.equal('GROUP_EXISTS')
    expect(await outcome(world.change.change(ada(), 'other', { name: 'staff' }, undefined))).to.equal('GROUP_EXISTS')
    const { id } = await world.change.create(ada(), fields, null)
    expect(await outcome(world.move(ada(), id, 'staff', undefined))).to.equal('GROUP_EXISTS')
  })

  it('puts no group below itself, and says which', async () => {
    for (const place of ['staff', 'support', 'night']) {
      const refused = await world.move(ada(), 'staff', place, undefined).catch((error: unknown) => error)
      expect(refused).to.include({ code: 'GROUP_LOOP' })
      expect((refused as GatewayError).details.group).to.equal('/staff')
    }
    expect(world.realm.writes).to.deep.equal([])
  })

  it('to the place where it is changes nothing', async () => {
    expect(await world.move(ada(), 'support', 'staff', undefined)).to.include({ path: '/staff/support' })
    expect([world.trail(), world.renewed]).to.deep.equal([[], []])
  })

  it('of two moves at once never puts each below the other', async () => {
    const answers = await Promise.all([
      outcome(world.move(ada(), 'staff', 'other', undefined)),
      outcome(world.move(ada(), 'other', 'night', undefined)),
    ])
    expect(answers).to.deep.equal(['done', 'GROUP_LOOP'])
  })

  it('is refused where too many groups are below', async () => {
    const rooms = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`g${at}`, { above: 'other', roles: [] }]))
    const wide = openGroupDesk({ ...PLAN, groups: { ...PLAN.groups, ...rooms } })
    const remove = wide.change.remove(wide.as('ada'), 'other', { withContents: true, version: undefined })
    expect(await outcome(remove)).to.equal('GROUP_TOO_LARGE')
    expect(wide.realm.writes).to.deep.equal([])
  })
})
