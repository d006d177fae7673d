import { expect } from 'chai'
import { serveUsers, type UserHttpWorld } from './user-http-world.ts'

describe('The endpoints for users', () => {
  let world: UserHttpWorld
  beforeEach(async () => {
    world = await serveUsers()
  })
  afterEach(() => world.close())

  const version = async (id = 'ann') => (await world.ask('GET', `/users/${id}`)).body.data.user.version

  it('create one and say where it is', async () => {
    const { status, headers, body } = await world.ask('POST', '/users', {
      username: 'Zoë.山田',
      email: 'zoe@shop.test',
      firstName: "Zoë-Łucja O'Neil",
      requiredActions: ['VERIFY_EMAIL'],
      attributes: { department: ['Küche'] },
    })
    expect(status, JSON.stringify(body)).to.equal(201)
    expect(headers.get('location')).to.equal(`/api/v1/admin/users/${body.data.user.id}`)
    expect(headers.get('etag')).to.equal(`"${body.data.user.version}"`)
    expect(body.data.user).to.deep.include({
      username: 'zoë.山田',
      lastName: null,
      enabled: true,
      emailVerified: false,
    })
    expect(world.rows.at(-1)).to.include({ action: 'user.create', outcome: 'ok', target_id: body.data.user.id })
  })

  it('make passwords temporary unless it is said', async () => {
    await world.ask('PUT', '/users/ann/password', { password: 'long enough' })
    await world.ask('PUT', '/users/ann/password', { password: 'long enough', temporary: false })
    expect(world.realm.writes.filter((write) => write.startsWith('set'))).to.deep.equal([
      'setPassword ann temporary',
      'setPassword ann to stay',
    ])
    const refused = await world.ask('PUT', '/users/ann/password', { password: 'short' })
    expect(refused.body.error).to.deep.include({ code: 'PASSWORD_REFUSED' })
    expect(refused.body.error.details.rules[0]).to.deep.equal({
      rule: 'length',
      problem: 'must have at least 10 characters',
    })
  })

  it('tell what a user signs in with, and when the password was set', async () => {
    const { status, body } = await world.ask('GET', '/users/ann/credentials')
    expect([status, body.data.credentials]).to.deep.equal([
      200,
      [{ id: 'ann-password', type: 'password', label: null, createdAt: '2026-01-31T09:30:00.000Z' }],
    ])
    expect((await world.ask('GET', '/users/nobody/credentials')).body.error.code).to.equal('USER_NOT_FOUND')
  })

  it('change single members, and replace a profile only as a whole and only as it was read', async () => {
    const patched = await world.ask('PATCH', '/users/ann', { lastName: null })
    expect(patched.body.data).to.deep.include({ sessions: null })
    expect(patched.body.data.user).to.include({ lastName: null, firstName: 'ann', email: 'ann@shop.test' })
    const whole = { email: 'ann@shop.test', firstName: 'Ann', lastName: 'B', enabled: true, emailVerified: true }
    const { firstName: _, ...partial } = whole
    const fieldsOf = async (body: object, headers = {}) =>
      (await world.ask('PUT', '/users/ann', body, headers)).body.error.details.fields.map(
        ({ field }: { field: string }) => field,
      )
    expect(await fieldsOf({ ...partial, version: await version() })).to.deep.equal(['firstName'])
    expect(await fieldsOf(whole)).to.deep.equal(['version'])
    expect(await fieldsOf(whole, { 'if-match': 'W/"abcdef"' })).to.deep.equal(['If-Match'])
    expect(await fieldsOf({ ...whole, version: await version() }, { 'if-match': '"abcdef"' })).to.deep.equal([
      'version',
    ])
    const put = await world.ask('PUT', '/users/ann', whole, { 'if-match': `"${await version()}"` })
    expect(put.body.data.user).to.include({ firstName: 'Ann', lastName: 'B' })
  })

  it('tell the second of two who change the same what has changed meanwhile', async () => {
    const read = await version()
    const results = await Promise.all([
      world.ask('PATCH', '/users/ann', { firstName: 'Anna', version: read }),
      world.ask('PATCH', '/users/ann', { firstName: 'Annie', version: read }),
    ])
    expect(results.map(({ status }) => status).sort()).to.deep.equal([200, 409])
    const { error } = results.find(({ status }) => status === 409)?.body ?? {}
    expect(error.code).to.equal('VERSION_CONFLICT')
    expect(error.details).to.deep.equal({ changed: [{ field: 'firstName', now: 'Anna' }], version: await version() })
    const LATE: [method: string, path: string, body?: object][] = [
      ['POST', '/enable'],
      ['POST', '/disable'],
      ['PUT', '/password', { password: 'long enough' }],
      ['PUT', '/required-actions', { requiredActions: ['VERIFY_EMAIL'] }],
      ['DELETE', '/lock'],
      ['POST', '/roles', { roles: ['realm:customer'] }],
      ['DELETE', '/roles', { roles: ['realm:customer'] }],
      ['PUT', '/groups/staff'],
      ['DELETE', '/groups/staff'],
      ['DELETE', ''],
    ]
    const writes = [...world.realm.writes]
    for (const [method, path, body] of LATE) {
      const late = await world.ask(method, `/users/ann${path}`, body, { 'if-match': `"${read}"` })
      expect([late.status, late.body.error.code], path).to.deep.equal([409, 'VERSION_CONFLICT'])
    }
    const actions = { requiredActions: ['VERIFY_EMAIL'], version: read }
    expect((await world.ask('PUT', '/users/ann/required-actions', actions)).status).to.equal(409)
    expect(world.realm.writes).to.deep.equal(writes)
    expect(
      (await world.ask('DELETE', '/users/ann', undefined, { 'if-match': `"${await version()}"` })).status,
    ).to.equal(200)
  })

  it('no longer count an address as verified when it changes', async () => {
    expect((await world.ask('PATCH', '/users/ann', { email: 'new@shop.test' })).body.data.user.emailVerified).to.equal(
      false,
    )
    const both = { email: 'newer@shop.test', emailVerified: true }
    expect((await world.ask('PATCH', '/users/ann', both)).body.data.user.emailVerified).to.equal(true)
  })

  it('end sessions when a change disables', async () => {
    const { body } = await world.ask('PATCH', '/users/ann', { enabled: false })
    expect(body.data.sessions).to.deep.equal({ ended: 2, keycloak: 'ended' })
  })

  it('give and take roles and groups', async () => {
    const roles = { roles: ['realm:customer', 'client:shop:read'] }
    const given = await world.ask('POST', '/users/ann/roles', roles)
    const direct = given.body.data.direct.map(({ role }: { role: string }) => role)
    expect(direct).to.deep.equal(['client:shop:read', 'realm:customer'])
    expect((await world.ask('DELETE', '/users/ann/roles', roles)).body.data).to.deep.equal({
      direct: [],
      effective: [],
    })
    const unknown = await world.ask('POST', '/users/ann/roles', { roles: ['realm:customer', 'realm:boss'] })
    expect(unknown.body.error.details.fields).to.deep.equal([{ field: 'roles.1', problem: 'is no role of this realm' }])
    expect((await world.ask('PUT', '/users/ann/groups/staff')).status).to.equal(200)
    expect((await world.ask('GET', '/users/ann/roles')).body.data.effective[0].role).to.equal('realm:customer')
    expect((await world.ask('DELETE', '/users/ann/groups/staff')).status).to.equal(200)
    expect((await world.ask('PUT', '/users/ann/groups/of-another-realm')).body.error.code).to.equal('GROUP_NOT_FOUND')
  })

  it('show a user as last known while Keycloak is away, and say so', async () => {
    world.state.isAway = true
    const nothing = await world.ask('GET', '/users/ann')
    expect([nothing.status, nothing.headers.get('retry-after')]).to.deep.equal([503, '5'])
    world.state.known = world.realm.person('ann')
    const { status, headers, body } = await world.ask('GET', '/users/ann')
    expect([status, headers.get('age'), headers.get('cache-control')]).to.deep.equal([200, '61', 'no-store'])
    expect(headers.get('cache-status')).to.equal('cloakroom; hit; detail=stale')
    expect(body.metadata).to.include({ stale: true, age: 61 })
    expect(body.data.user.username).to.equal('ann')
  })

  it('show lists and roles as last known while Keycloak is away, and 503 where nothing is known', async () => {
    expect((await world.ask('GET', '/users/ann/roles')).body.metadata).not.to.have.property('stale')
    world.clock.advance('90s')
    world.state.isAway = true
    const roles = await world.ask('GET', '/users/ann/roles')
    expect([roles.status, roles.headers.get('age'), roles.body.metadata.stale]).to.deep.equal([200, '90', true])
    expect((await world.ask('GET', '/users/ada/roles')).status).to.equal(503)
    const nothing = await world.ask('GET', '/users?search=an')
    expect([nothing.status, nothing.headers.get('retry-after')]).to.deep.equal([503, '5'])
    world.state.known = world.realm.person('ann')
    const list = await world.ask('GET', '/users?search=an&max=5')
    expect(list.body.data).to.deep.include({ total: 1, first: 0, max: 5 })
    expect([list.headers.get('age'), list.body.metadata.age]).to.deep.equal(['61', 61])
  })

  it('mark what is remembered as soon as the breaker is open, however fresh it is', async () => {
    await world.ask('GET', '/users/ann/roles')
    world.clock.advance('7s')
    expect((await world.ask('GET', '/users/ann/roles')).headers.get('age')).to.equal(null)
    world.state.isOpen = true
    const { headers, body } = await world.ask('GET', '/users/ann/roles')
    expect([headers.get('age'), body.metadata.stale, body.metadata.age]).to.deep.equal(['7', true, 7])
  })

  it('say which methods there are, and that nobody becomes somebody else', async () => {
    const methods: [path: string, method: string, allow: string][] = [
      ['/users', 'DELETE', 'GET, HEAD, POST'],
      ['/users/ann', 'POST', 'GET, HEAD, PUT, PATCH, DELETE'],
      ['/users/ann/enable', 'GET', 'POST'],
      ['/users/ann/password', 'GET', 'PUT'],
      ['/users/ann/roles', 'PUT', 'GET, HEAD, POST, DELETE'],
      ['/users/ann/lock', 'POST', 'GET, HEAD, DELETE'],
      ['/users/ann/credentials', 'DELETE', 'GET, HEAD'],
      ['/users/ann/groups/staff', 'GET', 'PUT, DELETE'],
    ]
    for (const [path, method, allow] of methods) {
      const { status, headers } = await world.ask(method, path)
      expect([status, headers.get('allow')], path).to.deep.equal([405, allow])
    }
    expect((await world.ask('POST', '/users/ann/impersonation', {})).status).to.equal(404)
  })
})
