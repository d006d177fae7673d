import { expect } from 'chai'
import { PERMISSIONS } from '../../../src/access/permissions.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { personNamed, type RealmPlan } from '../fake-realm.ts'
import { openUserDesk, type UserDeskWorld } from './user-desk-world.ts'

const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [], 'client:shop:read': [], 'client:shop:write': [] },
  groups: { staff: { roles: ['realm:customer'] } },
  people: { ada: { roles: ['realm:admin'] }, ann: { roles: ['client:shop:write'], groups: ['staff'] }, ben: {} },
}
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )
const both = ['realm:customer', 'client:shop:read']

describe('An administrative write of a user', () => {
  let world: UserDeskWorld
  beforeEach(() => {
    world = openUserDesk(PLAN)
  })
  const ada = () => world.as('ada')

  it('is recorded as intended before it is made, and then as what became of it', async () => {
    await world.change.change(ada(), 'ben', { lastName: 'Builder' }, undefined)
    expect(world.trail).to.deep.equal(['user.update intended', 'user.update ok'])
    expect(world.rows.map(({ before, after }) => [before, after])[1]).to.deep.equal([
      '{"lastName":"Test","username":"ben"}',
      '{"lastName":"Builder"}',
    ])
    world.realm.fail('change')
    expect(await code(world.change.change(ada(), 'ben', { lastName: 'X' }, undefined))).to.equal('KEYCLOAK_UNAVAILABLE')
    expect(world.trail.slice(2)).to.deep.equal(['user.update intended', 'user.update failed'])
  })

  it('is not made when it cannot be recorded', async () => {
    world.state.auditWorks = false
    const person = { ...personNamed('cat'), password: null }
    for (const work of [
      () => world.change.create(ada(), person),
      () => world.change.disable(ada(), 'ann'),
      () => world.change.remove(ada(), 'ann', undefined),
      () => world.secure.setPassword(ada(), 'ann', { value: 'long enough', temporary: true }),
      () => world.secure.requireActions(ada(), 'ann', ['VERIFY_EMAIL']),
      () => world.secure.unlock(ada(), 'ann'),
      () => world.assign.giveRoles(ada(), 'ben', both),
      () => world.assign.join(ada(), 'ben', 'staff'),
      () => world.assign.leave(ada(), 'ann', 'staff'),
    ])
      expect(await code(work())).to.equal('AUDIT_UNAVAILABLE')
    expect(world.realm.writes).to.deep.equal([])
  })

  it('is recorded when it is refused, and what is secret is never recorded', async () => {
    const password = { value: 'canary-password', temporary: true }
    await code(world.secure.setPassword(world.as('ben', ['realm:admin']), 'ann', password))
    await world.secure.setPassword(ada(), 'ann', password)
    await world.change.create(ada(), { ...personNamed('cat'), password })
    expect(world.trail.slice(0, 1)).to.deep.equal(['user.reset-password refused'])
    expect(JSON.stringify(world.rows)).not.to.contain('canary')
  })

  it('makes every instance forget what it knew, also when it failed', async () => {
    await world.change.enable(ada(), 'ben')
    world.realm.fail('change', { after: true })
    await code(world.change.disable(ada(), 'ben'))
    expect(world.forgotten).to.have.length(2)
  })

  it('is refused to a caller whose role is gone at Keycloak, whatever the token says', async () => {
    const former = world.as('ben', ['realm:admin'])
    expect(await code(world.change.disable(former, 'ann'))).to.equal('INSUFFICIENT_PERMISSIONS')
    const gone = { ...former, identity: { ...former.identity, id: 'nobody' } }
    expect(await code(world.change.disable(gone, 'ann'))).to.equal('INSUFFICIENT_PERMISSIONS')
    expect(world.realm.writes).to.deep.equal([])
  })

  it('ends no last administrator, not even by a service that may do everything', async () => {
    const { audited, identity } = world.as('ben')
    const robot = {
      audited,
      identity: {
        ...identity,
        username: 'service-account-robot',
        scopes: Object.keys(PERMISSIONS).map((name) => `admin:${name}`),
      },
    }
    expect(await code(world.change.remove(robot, 'ada', undefined))).to.equal('LAST_ADMINISTRATOR')
    expect(await code(world.change.disable(robot, 'ada'))).to.equal('LAST_ADMINISTRATOR')
    expect(await code(world.assign.takeRoles(robot, 'ada', ['realm:admin']))).to.equal('LAST_ADMINISTRATOR')
    expect(world.realm.writes).to.deep.equal([])
    expect(await code(world.change.disable(robot, 'ann'))).to.equal('done')
  })
})

describe('A write of several steps', () => {
  let world: UserDeskWorld
  beforeEach(() => {
    world = openUserDesk(PLAN)
  })
  const ada = () => world.as('ada')

  for (const after of [false, true]) {
    const when = after ? 'whose answer is lost' : 'that fails'
    it(`gives all roles or none: the second call ${when}`, async () => {
      world.realm.fail('assign client roles', { after, times: 1 })
      expect(await code(world.assign.giveRoles(ada(), 'ben', both))).to.equal('KEYCLOAK_UNAVAILABLE')
      expect(world.realm.rolesOf('ben')).to.deep.equal([])
      expect(await code(world.assign.giveRoles(ada(), 'ben', both))).to.equal('done')
      expect(world.realm.rolesOf('ben')).to.have.members(both)
      expect(world.renewed).to.deep.equal(['ben'])
    })

    it(`takes all roles or none: the second call ${when}`, async () => {
      await world.assign.giveRoles(ada(), 'ben', both)
      world.realm.fail('withdraw client roles', { after, times: 1 })
      expect(await code(world.assign.takeRoles(ada(), 'ben', both))).to.equal('KEYCLOAK_UNAVAILABLE')
      expect(world.realm.rolesOf('ben')).to.have.members(both)
    })
  }

  it('leaves alone what was held before when it undoes', async () => {
    world.realm.fail('assign client roles', { times: 1 })
    await world.assign.giveRoles(ada(), 'ann', ['client:shop:write', 'realm:customer']).catch(() => undefined)
    world.realm.fail('assign client roles', { times: 1 })
    await code(world.assign.giveRoles(ada(), 'ann', ['realm:customer', 'client:shop:write', 'client:shop:read']))
    expect(world.realm.rolesOf('ann')).to.include('client:shop:write').and.not.include('client:shop:read')
  })

  it('says so when it could not be undone', async () => {
    world.realm.fail('assign client roles', { times: 1 })
    world.realm.fail('withdraw')
    expect(await code(world.assign.giveRoles(ada(), 'ben', both))).to.equal('CHANGE_INCOMPLETE')
  })

  it('disables nobody whose sessions cannot be ended', async () => {
    world.state.storeWorks = false
    expect(await code(world.change.disable(ada(), 'ann'))).to.equal('SESSION_STORE_UNAVAILABLE')
    expect(world.realm.person('ann').enabled).to.equal(true)
    world.state.storeWorks = true
    expect((await world.change.disable(ada(), 'ann')).sessions).to.deep.equal({ ended: 2, keycloak: 'ended' })
    expect(world.realm.person('ann').enabled).to.equal(false)
    expect((await world.change.disable(ada(), 'ann')).sessions, 'once more').to.include({ ended: 2 })
  })

  it('ends sessions before it deletes, and deletes nobody whose sessions cannot be ended', async () => {
    world.state.storeWorks = false
    expect(await code(world.change.remove(ada(), 'ann', undefined))).to.equal('SESSION_STORE_UNAVAILABLE')
    expect(world.realm.writes).to.deep.equal([])
    world.state.storeWorks = true
    expect(await world.change.remove(ada(), 'ann', undefined)).to.deep.include({ mode: 'hard' })
    expect(world.realm.writes).to.deep.equal(['end sessions ann', 'remove ann', 'end sessions ann'])
    expect(await code(world.change.remove(ada(), 'ann', undefined))).to.equal('USER_NOT_FOUND')
  })

  it('keeps the account, disabled, where deletion is soft', async () => {
    world = openUserDesk(PLAN, { deletion: 'soft' })
    expect(await world.change.remove(ada(), 'ann', undefined)).to.deep.include({ mode: 'soft' })
    expect(world.realm.person('ann').enabled).to.equal(false)
  })

  it('sets no password while sessions at Keycloak would live on', async () => {
    const password = { value: 'long enough', temporary: true }
    world.state.keycloakSessions = 'unavailable'
    expect(await code(world.secure.setPassword(ada(), 'ann', password))).to.equal('KEYCLOAK_UNAVAILABLE')
    expect(world.realm.writes.filter((write) => write.startsWith('setPassword'))).to.deep.equal([])
    world.state.keycloakSessions = 'none'
    await world.secure.setPassword(ada(), 'ann', password)
    expect(world.realm.writes.slice(1)).to.deep.equal([
      'end sessions ann',
      'setPassword ann temporary',
      'end sessions ann',
    ])
  })
})
