import { expect } from 'chai'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { openUserDesk } from './user-desk-world.ts'

describe('Somebody with the permissions of a helper', () => {
  it('puts nobody into a group that routes ask for, unless they are in it themselves, now and by the token', async () => {
    const people = { helper: { roles: ['realm:user-admin'], groups: ['support'] }, ann: {} }
    const groups = { staff: { roles: [] }, support: { above: 'staff', roles: [] }, club: { roles: [] } }
    const plan = { roles: { 'realm:user-admin': [], 'realm:admin': [] }, groups, people }
    const world = openUserDesk(plan, { asked: ['/staff', '/support'] })
    const helper = world.as('helper')
    const ruleOf = (work: Promise<void>) =>
      work.then(
        () => 'allowed',
        (error: unknown) => (error instanceof GatewayError ? error.details.rule : error),
      )
    expect(await ruleOf(world.assign.join(helper, 'ann', 'staff'))).to.equal('grants-group')
    expect(await ruleOf(world.assign.join(helper, 'ann', 'club'))).to.equal('allowed')
    expect(await ruleOf(world.assign.join(helper, 'ann', 'support'))).to.equal('allowed')
    await world.realm.users.leave('helper', 'support')
    await world.realm.users.leave('ann', 'support')
    expect(await ruleOf(world.assign.join(helper, 'ann', 'support'))).to.equal('grants-group')
    expect(world.realm.groupsOf('ann')).to.deep.equal(['club'])
  })

  it('does not change their own attributes, by which upstreams may decide', async () => {
    const people = { helper: { roles: ['realm:user-admin'] }, ann: {} }
    const world = openUserDesk({ roles: { 'realm:user-admin': [], 'realm:admin': [] }, people })
    const attributes = { department: ['board'] }
    const helper = world.as('helper')
    const refused = await world.change.change(helper, 'helper', { attributes }, undefined).catch((error) => error)
    expect(refused.details).to.include({ rule: 'oneself' })
    await world.change.change(helper, 'helper', { lastName: 'Smith', attributes: {} }, undefined)
    await world.change.change(helper, 'ann', { attributes }, undefined)
    expect(world.realm.writes).to.have.length(2)
  })
})
