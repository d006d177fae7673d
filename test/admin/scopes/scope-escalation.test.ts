import { expect } from 'chai'
import type { DeskAnswer } from '../serve-desk.ts'
import { idOf } from './fake-scopes.ts'
import { type ScopeWorld, serveScopes } from './scope-world.ts'

const WRITE = ['admin:scopes.write']

describe('What nobody can make of scopes', () => {
  let world: ScopeWorld
  beforeEach(async () => {
    world = await serveScopes()
  })
  afterEach(() => world.close())

  const version = async (path: string) => (await world.ask('GET', path)).body.data.version
  const setRoles = async (name: string, roles: string[]) => {
    const path = `/scopes/${idOf(name)}/roles`
    return world.ask('PUT', path, { roles, version: await version(path) })
  }
  const nothingDone = (answer: DeskAnswer, rule: string) => {
    expect([answer.status, answer.body.error.code]).to.deep.equal([403, 'INSUFFICIENT_PERMISSIONS'])
    expect(answer.body.error.details.rule).to.equal(rule)
    expect(world.scopes.writes).to.deep.equal([])
    expect(world.trail().filter((row) => row.endsWith('refused'))).to.have.length(1)
  }

  it('is anything without the permission to write scopes, also with a token that still says it', async () => {
    world.callAs({ id: 'ann' })
    nothingDone(await world.ask('POST', '/scopes', { name: 'mine' }), 'permission')
  })

  it('is a scope for roles that the caller does not hold', async () => {
    world.callAs({ id: 'robot', scopes: WRITE })
    nothingDone(await world.ask('POST', '/scopes', { name: 'mine', roles: ['client:shop:write'] }), 'grants-role')
  })

  it('is a scope of others that is opened for more people: by another role, by no role, by a name that gets free', async () => {
    world.callAs({ id: 'robot', scopes: WRITE })
    for (const answer of [
      await setRoles('orders.write', ['client:shop:write', 'client:shop:read']),
      await setRoles('orders.write', []),
      await world.ask('DELETE', `/scopes/${idOf('orders.write')}`),
      await world.ask('PATCH', `/scopes/${idOf('orders.write')}`, { name: 'put.away' }),
    ]) {
      expect(answer.body.error.details.rule, JSON.stringify(answer.body)).to.equal('grants-role')
    }
    expect(world.scopes.writes).to.deep.equal([])
    expect(world.trail()).to.have.length(4)
  })

  it('is a permission that the caller lacks, under whatever name it hides', async () => {
    world.callAs({ id: 'robot', scopes: WRITE })
    for (const answer of [
      await world.ask('POST', '/scopes', { name: 'admin:users.delete' }),
      await world.ask('PATCH', `/scopes/${idOf('plain')}`, { name: 'admin:users.delete' }),
      await setRoles('admin:users.write', ['client:shop:read']),
      await world.ask('DELETE', `/scopes/${idOf('admin:users.write')}`),
      // Handed out to service clients: for whoever looks after these.
      await world.ask('POST', '/scopes', { name: 'orders.read' }),
      await world.ask('PATCH', `/scopes/${idOf('plain')}`, { name: 'orders.read' }),
      await setRoles('given.out', ['client:shop:read']),
    ]) {
      expect([answer.status, answer.body.error.details.rule]).to.deep.equal([403, 'permission'])
    }
    expect(world.scopes.writes).to.deep.equal([])
    world.callAs({ id: 'robot', scopes: [...WRITE, 'admin:users.write', 'admin:clients.write'] })
    expect((await world.ask('DELETE', `/scopes/${idOf('admin:users.write')}`)).status).to.equal(200)
    expect((await setRoles('given.out', ['client:shop:read'])).status).to.equal(200)
  })

  it('is a scope for roles of Keycloak itself, directly or in a composite, for administrators either', async () => {
    const keys = [
      'client:realm-management:manage-users',
      'client:account:manage-account',
      'client:broker:read-token',
      'client:shop:power',
      'realm:default-roles-x',
    ]
    for (const answer of [
      await world.ask('POST', '/scopes', { name: 'mine', roles: ['realm:customer', ...keys] }),
      await setRoles('plain', ['realm:customer', ...keys]),
    ]) {
      expect([answer.status, answer.body.error.code]).to.deep.equal([400, 'INVALID_REQUEST'])
      expect(answer.body.error.details.fields.map(({ field }: { field: string }) => field)).to.deep.equal(
        keys.map((_, at) => `roles.${at + 1}`),
      )
    }
    expect(world.scopes.writes).to.deep.equal([])
  })

  it('is anything with a scope that somebody has given such roles at Keycloak', async () => {
    for (const answer of [
      await world.ask('DELETE', `/scopes/${idOf('managing')}`),
      await setRoles('managing', []),
      await world.ask('PATCH', `/scopes/${idOf('managing')}`, { description: 'x' }),
    ]) {
      expect([answer.status, answer.body.error.details.rule]).to.deep.equal([403, 'grants-realm-management'])
    }
    expect(world.scopes.writes).to.deep.equal([])
  })

  it('is a change of what belongs to the identity provider', async () => {
    const path = `/scopes/${idOf('profile')}`
    for (const answer of [
      await world.ask('PATCH', path, { description: 'x' }),
      await world.ask('DELETE', path),
      await setRoles('profile', ['realm:customer']),
    ])
      expect([answer.status, answer.body.error.code]).to.deep.equal([409, 'SCOPE_PROTECTED'])
    expect(world.scopes.writes).to.deep.equal([])
  })

  it('stops an administrator: they may give roles that they do not hold, composites too', async () => {
    const answer = await setRoles('orders.write', ['realm:whole', 'client:shop:write'])
    expect(answer.status).to.equal(200)
    expect(world.scopes.writes).to.deep.equal(['map realm realm:whole'])
  })
})
