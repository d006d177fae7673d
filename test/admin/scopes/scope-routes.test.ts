import { expect } from 'chai'
import { type ScopeWorld, serveScopes } from './scope-world.ts'

describe('The endpoints for scopes', () => {
  let world: ScopeWorld
  beforeEach(async () => {
    world = await serveScopes()
  })
  afterEach(() => world.close())

  it('find them by a part of what they say, page by page', async () => {
    const all = await world.ask('GET', '/scopes?max=2&first=1')
    expect(all.body.data).to.deep.include({ total: 9, first: 1, max: 2 })
    expect(all.body.data.scopes.map(({ name }: { name: string }) => name)).to.deep.equal(['given.out', 'managing'])
    const found = await world.ask('GET', '/scopes?search=ORDERS')
    expect(found.body.data.scopes.map(({ name }: { name: string }) => name)).to.deep.equal([
      'orders.read',
      'orders.write',
    ])
    expect((await world.ask('GET', '/scopes?search=OpenID')).body.data.scopes[0]).to.include({
      name: 'profile',
      builtIn: true,
    })
    expect((await world.ask('GET', '/scopes?search=shop')).body.data.total).to.equal(1)
    expect(all.headers.get('cache-control')).to.equal('no-store')
  })

  it('show one with its version, its roles with another, and the clients that have it', async () => {
    world.scopes.setBehind('id-of-used', { roles: new Set(['realm:customer', 'client:shop:read']) })
    const { body, headers } = await world.ask('GET', '/scopes/id-of-used')
    expect(body.data.scope).to.deep.include({ name: 'used', builtIn: false, includeInTokenScope: true })
    expect(headers.get('etag')).to.equal(`"${body.data.scope.version}"`)
    const roles = await world.ask('GET', '/scopes/id-of-used/roles')
    expect(roles.body.data.roles.map(({ role }: { role: string }) => role)).to.deep.equal([
      'client:shop:read',
      'realm:customer',
    ])
    expect(roles.headers.get('etag')).to.equal(`"${roles.body.data.version}"`).and.not.equal(headers.get('etag'))
    expect((await world.ask('GET', '/scopes/id-of-used/clients')).body.data).to.deep.equal({
      ...{ clients: [{ id: 'u1', clientId: 'svc-till', as: 'always' }], ofNewClients: null },
      ...{ total: 1, first: 0, max: 20 },
    })
  })

  it('create one with its roles, say where it is, and write down what was done', async () => {
    const roles = ['realm:customer', 'client:shop:read']
    const { status, headers, body } = await world.ask('POST', '/scopes', {
      ...{ name: 'reports.read', description: 'Reports', resource: 'shop', consentText: 'Sehen – 見る', roles },
      ...{ includeInTokenScope: false, showOnConsentScreen: true },
    })
    expect(status).to.equal(201)
    const { scope } = body.data
    expect(headers.get('location')).to.equal(`/api/v1/admin/scopes/${scope.id}`)
    expect(scope).to.deep.include({ name: 'reports.read', resource: 'shop', consentText: 'Sehen – 見る' })
    expect(world.scopes.rolesOf(scope.id)).to.deep.equal([...roles].sort())
    expect(world.scopes.writes).to.deep.equal([
      'create reports.read',
      'map realm realm:customer',
      'map client client:shop:read',
    ])
    expect(world.trail()).to.deep.equal(['scope.create intended', 'scope.create ok'])
    expect(JSON.parse(world.rows[0]?.after ?? '')).to.deep.equal({
      ...{ name: 'reports.read', description: 'Reports', resource: 'shop', consentText: 'Sehen – 見る' },
      ...{ includeInTokenScope: false, showOnConsentScreen: true, roles: [...roles].sort() },
    })
    expect(world.forgotten).to.have.length(1)
    const again = await world.ask('POST', '/scopes', { name: 'reports.read' })
    expect([again.status, again.body.error.code]).to.deep.equal([409, 'SCOPE_EXISTS'])
  })

  it('change what is named and nothing else, and do not write what is the same', async () => {
    const path = '/scopes/id-of-plain'
    const changed = await world.ask('PATCH', path, { description: 'New', includeInTokenScope: true })
    expect(changed.body.data.scope).to.include({ name: 'plain', description: 'New' })
    expect(world.scopes.writes).to.deep.equal(['change {"description":"New"}'])
    const same = await world.ask('PATCH', path, { description: 'New' })
    expect(same.status).to.equal(200)
    expect(world.scopes.writes).to.have.length(1)
    expect((await world.ask('PATCH', path, { name: 'plainer' })).body.data.scope.name).to.equal('plainer')
    const row = world.rows.find(({ action, outcome }) => action === 'scope.update' && outcome === 'ok')
    expect(JSON.parse(row?.before ?? '')).to.deep.equal({ name: 'plain', description: null })
  })

  it('delete one that nobody has', async () => {
    const { status, body } = await world.ask('DELETE', '/scopes/id-of-plain')
    expect([status, body.data]).to.deep.equal([200, { id: 'id-of-plain' }])
    expect(world.scopes.names()).to.not.include('plain')
    expect(JSON.parse(world.rows.at(-1)?.before ?? '')).to.deep.include({ name: 'plain', roles: [] })
    expect((await world.ask('DELETE', '/scopes/id-of-plain')).body.error.code).to.equal('SCOPE_NOT_FOUND')
  })

  it('neither delete nor rename one that is in use, and tell where', async () => {
    for (const [id, where] of [
      ['id-of-used', { clients: ['svc-till'], total: 1, ofNewClients: null }],
      ['id-of-of-new', { clients: [], total: 0, ofNewClients: 'on request' }],
    ] as const)
      for (const answer of [
        await world.ask('DELETE', `/scopes/${id}`),
        await world.ask('PATCH', `/scopes/${id}`, { name: 'other' }),
      ]) {
        expect([answer.status, answer.body.error.code]).to.deep.equal([409, 'SCOPE_IN_USE'])
        expect(answer.body.error.details.usedBy).to.deep.equal(where)
      }
    expect(world.scopes.writes).to.deep.equal([])
    expect((await world.ask('PATCH', '/scopes/id-of-used', { description: 'New' })).status).to.equal(200)
  })

  it('tell the second of two administrators what the first has changed', async () => {
    const path = '/scopes/id-of-plain'
    const { version, id: _, builtIn: __, ...fields } = (await world.ask('GET', path)).body.data.scope
    const etag = `"${version}"`
    expect((await world.ask('PUT', path, { ...fields, description: 'First' }, { 'if-match': etag })).status).to.equal(
      200,
    )
    for (const late of [
      await world.ask('PUT', path, { ...fields, consentText: 'Second', version }),
      await world.ask('PATCH', path, { consentText: 'Second' }, { 'if-match': etag }),
      await world.ask('DELETE', path, undefined, { 'if-match': etag }),
    ]) {
      expect([late.status, late.body.error.code]).to.deep.equal([409, 'VERSION_CONFLICT'])
      expect(late.body.error.details.changed).to.deep.equal([{ field: 'description', now: 'First' }])
    }
    expect((await world.ask('PUT', path, fields)).body.error.details.fields[0].field).to.equal('version')

    const roles = await world.ask('GET', `${path}/roles`)
    const first = { roles: ['realm:customer'], version: roles.body.data.version }
    expect((await world.ask('PUT', `${path}/roles`, first)).body.data.roles).to.deep.equal([
      { role: 'realm:customer', description: null },
    ])
    const second = await world.ask('PUT', `${path}/roles`, { ...first, roles: [] })
    expect(second.body.error.details.changed).to.deep.equal([{ field: 'roles', now: ['realm:customer'] }])
    expect((await world.ask('PUT', `${path}/roles`, { roles: [] })).status).to.equal(400)
  })

  it('change one scope at a time: of two writes that were based on the same, one is told', async () => {
    const path = '/scopes/id-of-plain'
    const { version } = (await world.ask('GET', path)).body.data.scope
    const answers = await Promise.all(
      ['one', 'two', 'three'].map((description) => world.ask('PATCH', path, { description, version })),
    )
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409])
  })
})
