import { expect } from 'chai'
import { arrive, ask } from './world/arrive.ts'
import { OPERATOR, realmWithTool, toolToken } from './world/clients-desk.ts'
import { rolesDesk } from './world/roles-desk.ts'
import { ada, bob, eventually, fetchInPage, onBothProviders, type World } from './world/world.ts'

const WRITER = {
  KEYCLOAK_REALM_CLIENT_ID: 'cloakroom-realm',
  KEYCLOAK_REALM_CLIENT_SECRET: 'demo-realm-secret-change-me',
}
const ROLES = '/api/v1/admin/roles'
const keys = (rows: { role: string }[]) => rows.map(({ role }) => role)

onBothProviders('An administrator looks after roles', (start) => {
  const open = () => start(realmWithTool(), { ...OPERATOR, ...WRITER })

  it('makes them with any name and with others in them, of the realm and of clients', async () => {
    const world = await open()
    const desk = rolesDesk(world, await toolToken(world, ada))
    const made = await desk('POST', '', {
      ...{ name: 'Küche/Grill 🍳', description: 'Cooks.', attributes: { team: ['a', 'b'] } },
      composites: ['client:orders-api:orders.read', 'realm:customer'],
    })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    const { role } = made.body.data
    expect(role).to.deep.include({
      role: 'realm:Küche/Grill 🍳',
      attributes: { team: ['a', 'b'] },
      description: 'Cooks.',
    })
    expect(keys(role.composites)).to.deep.equal(['client:orders-api:orders.read', 'realm:customer'])
    expect((await desk('POST', '', { name: 'Küche/Grill 🍳' })).body.error.code).to.equal('ROLE_EXISTS')

    const found = (await desk('GET', '?search=cook')).body.data
    expect(keys(found.roles)).to.deep.equal(['realm:Küche/Grill 🍳'])
    const page = (await desk('GET', '?first=1&max=2')).body.data
    expect([page.roles.length, page.hasMore]).to.deep.equal([2, true])
    const renamed = await desk('PATCH', `/${role.id}`, { name: 'cook', attributes: {}, version: role.version })
    expect(renamed.body.data.role).to.deep.include({ role: 'realm:cook', description: 'Cooks.', attributes: {} })
    expect(keys(renamed.body.data.role.composites)).to.have.length(2)
    const stale = await desk('PATCH', `/${role.id}`, { description: 'x', version: role.version })
    expect(stale.body.error.details.changed.map(({ field }: { field: string }) => field)).to.deep.equal([
      'name',
      'attributes',
    ])
    const taken = await desk('PATCH', `/${role.id}`, { name: 'customer' })
    expect(taken.body.error.code).to.equal('ROLE_EXISTS')

    const refund = await desk('POST', '', { name: 'orders.refund', client: 'orders-api' })
    expect(refund.body.data.role).to.include({ role: 'client:orders-api:orders.refund', client: 'orders-api' })
    const ofClient = await desk('POST', `/${refund.body.data.role.id}/composites`, { roles: ['realm:cook'] })
    expect(keys(ofClient.body.data.role.composites)).to.deep.equal(['realm:cook'])
    const loop = await desk('POST', `/${role.id}/composites`, { roles: ['client:orders-api:orders.refund'] })
    expect([loop.status, loop.body.error.details.chain]).to.deep.equal([
      409,
      ['realm:cook', 'client:orders-api:orders.refund', 'realm:cook'],
    ])
    const { direct, effective } = (await desk('GET', `/${refund.body.data.role.id}/composites`)).body.data
    expect([direct.length, effective.length]).to.deep.equal([1, 3])
    expect(keys((await desk('GET', '?client=orders-api')).body.data.roles)).to.include(
      'client:orders-api:orders.refund',
    )

    const used = await desk('DELETE', `/${role.id}`)
    expect([used.status, used.body.error.details.usedBy.roles]).to.deep.equal([
      409,
      ['client:orders-api:orders.refund'],
    ])
    expect((await desk('DELETE', `/${role.id}?force=true`)).status).to.equal(200)
    expect((await desk('GET', `/${role.id}`)).body.error.code).to.equal('ROLE_NOT_FOUND')
    expect((await desk('DELETE', `/${refund.body.data.role.id}`)).status).to.equal(200)
    const masters = await (await world.admin.call('GET', '/master/roles/admin')).json()
    expect((await desk('GET', `/${(masters as { id: string }).id}`)).status, 'of another realm').to.equal(404)
  })

  it('is kept from what would give or cost too much, and told where a role is used', async () => {
    const world = await open()
    const desk = rolesDesk(world, await toolToken(world, ada))
    const idOf = async (name: string, client = '') => {
      const { roles } = (await desk('GET', `?search=${name}&max=100${client}`)).body.data
      return roles.find((one: { name: string }) => one.name === name)?.id
    }
    const [customer, everybody, admin] = [
      await idOf('customer'),
      await idOf(`default-roles-${world.realm}`),
      await idOf('admin'),
    ]
    const told = async (method: string, path: string, body?: object) => {
      const { status, body: answer } = await desk(method, path, body)
      return answer.error === undefined ? String(status) : (answer.error.details.rule ?? answer.error.code)
    }
    const management = { roles: ['client:realm-management:manage-users'] }
    await desk('POST', '', { name: 'till' })
    const till = await idOf('till')
    for (const [answer, method, path, body] of [
      ['grants-realm-management', 'POST', `/${till}/composites`, management],
      ['oneself-by-role', 'POST', `/${everybody}/composites`, { roles: ['realm:till'] }],
      ['role-of-keycloak', 'POST', '', { name: 'x', client: 'account' }],
      ['ROLE_PROTECTED', 'DELETE', `/${admin}?force=true`],
      ['ROLE_PROTECTED', 'PATCH', `/${everybody}`, { name: 'x' }],
    ] as const)
      expect(await told(method, path, body), `${method} ${path} ${JSON.stringify(body)}`).to.equal(answer)

    const { usedBy } = (await desk('GET', `/${customer}/usage`)).body.data
    expect(usedBy).to.deep.include({ users: 3, moreUsers: false, routes: ['orders'] })
    const ofRead = await desk('DELETE', `/${await idOf('orders.read', '&client=orders-api')}`)
    expect(ofRead.body.error.details.usedBy.clientScopes).to.deep.equal(['orders.read'])
    const { users } = (await desk('GET', `/${customer}/users?max=2`)).body.data
    expect(users.map(({ username }: { username: string }) => username)).to.deep.equal(['ada', 'alice'])
  })

  it('takes a role out of another, and whoever held it by that is without it at their next request', async () => {
    const world = await start({}, { ...OPERATOR, ...WRITER })
    const desk = await arrive(world, ada)
    const made = await ask(desk, 'POST', ROLES, { name: 'regular', composites: ['realm:customer'] })
    expect(made.status, JSON.stringify(made.error)).to.equal(201)
    const composites = `${ROLES}/${made.data.role.id}/composites`
    await give(world, bob.username, 'regular')
    const page = await arrive(world, bob)
    const orders = async () => (await fetchInPage(page, '/api/orders')).status
    expect(await orders()).to.equal(200)
    expect((await ask(desk, 'DELETE', composites, { roles: ['realm:customer'] })).status).to.equal(200)
    expect(await orders()).to.equal(403)
    expect((await ask(desk, 'POST', composites, { roles: ['realm:customer'] })).status).to.equal(200)
    expect(await orders()).to.equal(200)
    const trail = () => ask(desk, 'GET', '/api/v1/admin/audit?action=role.update&outcome=ok')
    const { data } = await eventually(trail, (answer) => answer.data.events.length === 2)
    expect(data.events[1].before.composites).to.deep.equal(['realm:customer'])
    expect(data.events[1].after.composites).to.deep.equal([])
  })
})

async function give({ admin, realm }: World, username: string, name: string): Promise<void> {
  const [user] = (await (await admin.call('GET', `/${realm}/users?username=${username}&exact=true`)).json()) as {
    id: string
  }[]
  const role = (await (await admin.call('GET', `/${realm}/roles/${name}`)).json()) as object
  await admin.call('POST', `/${realm}/users/${user?.id}/role-mappings/realm`, [role])
}
