import { expect } from 'chai'
import { type Failure, idOf } from './fake-scopes.ts'
import { type ScopeWorld, serveScopes } from './scope-world.ts'

const ID = idOf('orders.write')
const BEFORE = ['client:shop:write', 'realm:customer']
const AFTER = ['client:shop:read', 'realm:whole']

describe('When Keycloak fails in the middle of a change of scopes', () => {
  let world: ScopeWorld
  beforeEach(async () => {
    world = await serveScopes()
    world.scopes.setBehind(ID, { roles: new Set(BEFORE) })
  })
  afterEach(() => world.close())

  const setRoles = async (roles: readonly string[]) => {
    const { version } = (await world.ask('GET', `/scopes/${ID}/roles`)).body.data
    return world.ask('PUT', `/scopes/${ID}/roles`, { roles, version })
  }

  it('new roles come before old ones go, so that a scope is at no moment for everybody', async () => {
    const seen: string[][] = []
    world.scopes.afterEachWrite(() => seen.push(world.scopes.rolesOf(ID)))
    expect((await setRoles(AFTER)).status).to.equal(200)
    expect(world.scopes.rolesOf(ID)).to.deep.equal(AFTER)
    expect(seen).to.have.length(4)
    for (const roles of seen) expect(roles).to.not.deep.equal([])
  })

  const steps = [
    'map realm realm:whole',
    'map client client:shop:read',
    'unmap realm realm:customer',
    'unmap client client:shop:write',
  ]
  for (const how of ['before', 'refused', 'after'] as const satisfies Failure[])
    for (const step of steps)
      it(`the roles of a scope are what they were: "${step}" fails (${how})`, async () => {
        world.scopes.fail(step, how, 1)
        const { status, body } = await setRoles(AFTER)
        expect([status, body.error.code]).to.deep.equal(
          how === 'refused' ? [502, 'KEYCLOAK_REFUSED'] : [503, 'KEYCLOAK_UNAVAILABLE'],
        )
        expect(world.scopes.rolesOf(ID)).to.deep.equal(BEFORE)
        expect(world.trail()).to.deep.equal(['scope.update intended', 'scope.update failed'])
        expect(world.forgotten, 'the caches are told all the same').to.have.length(1)
      })

  it('and what is refused is not undone: nobody has to be allowed to', async () => {
    world.scopes.fail('unmap realm', 'refused')
    world.scopes.fail('map realm realm:customer', 'refused')
    expect((await setRoles(['client:shop:read'])).body.error.code).to.equal('KEYCLOAK_REFUSED')
    expect(world.scopes.rolesOf(ID)).to.deep.equal(BEFORE)
  })

  it('and stays away, it is said that something is left, and the log says what', async () => {
    world.scopes.fail('unmap', 'before')
    const { status, body } = await setRoles(AFTER)
    expect([status, body.error.code, body.error.details]).to.deep.equal([500, 'CHANGE_INCOMPLETE', {}])
    expect(world.logged.join()).to.contain('to map roles to the scope')
  })

  for (const how of ['before', 'refused', 'after'] as const satisfies Failure[])
    for (const step of ['create', 'map realm', 'map client'])
      it(`no scope is left over of one that was being made: "${step}" fails (${how})`, async () => {
        const names = world.scopes.names()
        world.scopes.fail(step, how, 1)
        const { status, body } = await world.ask('POST', '/scopes', {
          ...{ name: 'reports.read', roles: ['realm:customer', 'client:shop:read'] },
        })
        expect([status, body.error.code]).to.deep.equal(
          how === 'refused' ? [502, 'KEYCLOAK_REFUSED'] : [503, 'KEYCLOAK_UNAVAILABLE'],
        )
        expect(world.scopes.names()).to.deep.equal(names)
        expect(world.trail()).to.deep.equal(['scope.create intended', 'scope.create failed'])
      })

  it('and a scope that was made could not be removed again, it is said', async () => {
    world.scopes.fail('map realm', 'before')
    world.scopes.fail('discard', 'before')
    const answer = await world.ask('POST', '/scopes', { name: 'reports.read', roles: ['realm:customer'] })
    expect(answer.body.error.code).to.equal('CHANGE_INCOMPLETE')
  })

  it('a change is shown as it should be where it cannot be read again', async () => {
    const { scope } = (await world.ask('GET', `/scopes/${ID}`)).body.data
    world.scopes.afterEachWrite(() => {
      world.scopes.port.read = async () => {
        throw new Error('away')
      }
    })
    const changed = await world.ask('PATCH', `/scopes/${ID}`, { description: 'New' })
    expect(changed.body.data.scope).to.deep.include({ id: scope.id, name: scope.name, description: 'New' })
  })
})
