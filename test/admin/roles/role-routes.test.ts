import { expect } from 'chai'
import { type RoleHttpWorld, serveRoles } from './role-http-world.ts'

describe('The endpoints for roles', () => {
  let world: RoleHttpWorld
  beforeEach(async () => {
    world = await serveRoles()
  })
  afterEach(() => world.close())

  const at = (key: string) => `/roles/${world.realm.idOf(key)}`

  it('create one, of the realm or of a client, and say where it is', async () => {
    const made = await world.ask('POST', '/roles', {
      name: 'Küche/🍳',
      composites: ['realm:till'],
      attributes: { a: ['1'] },
    })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    const { role } = made.body.data
    expect(made.headers.get('location')).to.equal(`/api/v1/admin/roles/${role.id}`)
    expect(made.headers.get('etag')).to.equal(`"${role.version}"`)
    expect(role).to.deep.include({ role: 'realm:Küche/🍳', client: null, description: null, attributes: { a: ['1'] } })
    expect(role.composites[0]).to.include({ role: 'realm:till', composite: false })
    const ofShop = await world.ask('POST', '/roles', { name: 'refund', client: 'shop', description: 'd' })
    expect(ofShop.body.data.role).to.include({ role: 'client:shop:refund', client: 'shop', description: 'd' })
  })

  it('list them in pages, and say whether there are more', async () => {
    const { data } = (await world.ask('GET', '/roles?first=1&max=2')).body
    expect(data).to.include({ first: 1, max: 2, hasMore: true })
    expect(data.roles).to.have.length(2)
    const found = (await world.ask('GET', '/roles?client=shop&search=rea')).body.data
    expect(found.roles.map(({ role }: { role: string }) => role)).to.deep.equal(['client:shop:read'])
    expect(found.hasMore).to.equal(false)
  })

  it('change one by its version, in the body or as If-Match', async () => {
    const { version } = (await world.ask('GET', at('realm:till'))).body.data.role
    const named = await world.ask('PATCH', at('realm:till'), { description: 'a' }, { 'if-match': `"${version}"` })
    expect(named.body.data.role.description).to.equal('a')
    const stale = await world.ask('PATCH', at('realm:till'), { description: 'b', version })
    expect([stale.status, stale.body.error.code]).to.deep.equal([409, 'VERSION_CONFLICT'])
    expect(stale.body.error.details.changed).to.deep.equal([{ field: 'description', now: 'a' }])
    const added = await world.ask('POST', `${at('realm:till')}/composites`, { roles: ['realm:gold'], version })
    expect(added.body.error.code).to.equal('VERSION_CONFLICT')
    const gone = await world.ask('DELETE', at('realm:till'), undefined, { 'if-match': `"${version}"` })
    expect(gone.body.error.code).to.equal('VERSION_CONFLICT')
    expect(world.realm.writes).to.deep.equal(['change realm:till'])
  })

  it('put roles in and take them out, and tell what is in them at any depth', async () => {
    const added = await world.ask('POST', `${at('realm:till')}/composites`, { roles: ['realm:gold'] })
    expect(added.body.data.role.composites.map(({ role }: { role: string }) => role)).to.deep.equal(['realm:gold'])
    const { direct, effective } = (await world.ask('GET', `${at('realm:till')}/composites`)).body.data
    const names = (rows: { role: string }[]) => rows.map(({ role }) => role)
    expect([names(direct), names(effective)]).to.deep.equal([['realm:gold'], ['realm:customer', 'realm:gold']])
    const loop = await world.ask('POST', `${at('realm:customer')}/composites`, { roles: ['realm:till'] })
    expect([loop.status, loop.body.error.code]).to.deep.equal([409, 'ROLE_LOOP'])
    expect(loop.body.error.details.chain).to.deep.equal([
      'realm:customer',
      'realm:till',
      'realm:gold',
      'realm:customer',
    ])
    const taken = await world.ask('DELETE', `${at('realm:till')}/composites`, { roles: ['realm:gold'] })
    expect(taken.body.data.role.composites).to.deep.equal([])
  })

  it('tell who holds one and where it is used, and delete what is used nowhere', async () => {
    const { data } = (await world.ask('GET', `${at('realm:customer')}/users?max=2`)).body
    expect(data.users.map(({ username }: { username: string }) => username)).to.deep.equal(['ada', 'ann'])
    expect(data).to.include({ first: 0, max: 2, hasMore: true })
    const { usedBy } = (await world.ask('GET', `${at('realm:customer')}/usage`)).body.data
    expect(usedBy).to.deep.include({ users: 3, roles: ['realm:gold'], routes: ['orders'] })
    const refused = await world.ask('DELETE', at('realm:customer'))
    expect([refused.status, refused.body.error.details.usedBy]).to.deep.equal([409, usedBy])
    expect((await world.ask('DELETE', `${at('realm:customer')}?force=true`)).body.data).to.deep.equal({ usedBy })
    expect((await world.ask('DELETE', at('realm:till'))).status).to.equal(200)
    expect((await world.ask('DELETE', '/roles/role-99')).body.error.code).to.equal('ROLE_NOT_FOUND')
  })

  it('name the methods there are', async () => {
    for (const [path, allow] of [
      ['/roles', 'GET, HEAD, POST'],
      ['/roles/x', 'GET, HEAD, PATCH, DELETE'],
      ['/roles/x/composites', 'GET, HEAD, POST, DELETE'],
      ['/roles/x/users', 'GET, HEAD'],
      ['/roles/x/usage', 'GET, HEAD'],
    ] as const) {
      const answer = await world.ask('PUT', path, {})
      expect([answer.status, answer.headers.get('allow')], path).to.deep.equal([405, allow])
    }
  })
})
