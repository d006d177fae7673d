import { expect } from 'chai'
import { OPERATOR, realmWithTool, toolToken } from './world/clients-desk.ts'
import { keycloakAs } from './world/keycloak-as.ts'
import { rolesDesk } from './world/roles-desk.ts'
import { ada, onBothProviders, type World } from './world/world.ts'

const WRITER = { id: 'cloakroom-realm', secret: 'demo-realm-secret-change-me' }
const ENV = { ...OPERATOR, KEYCLOAK_REALM_CLIENT_ID: WRITER.id, KEYCLOAK_REALM_CLIENT_SECRET: WRITER.secret }

/** What one of the gateway's accounts is answered by Keycloak in its realm. */
async function asking(world: World, account: { id: string; secret: string }) {
  const call = await keycloakAs(world, account)
  return async (method: string, path: string, body?: object) =>
    (await call(method, `/${world.realm}${path}`, body)).status
}

async function known({ admin, realm }: World) {
  const read = async <T>(path: string) => (await (await admin.call('GET', `/${realm}${path}`)).json()) as T
  const clientId = async (name: string) => (await read<{ id: string }[]>(`/clients?clientId=${name}`))[0]?.id ?? ''
  const orders = await clientId('orders-api')
  return {
    ...{ read, clientId, orders },
    customer: await read<{ id: string }>('/roles/customer'),
    write: await read<{ id: string }>(`/clients/${orders}/roles/orders.write`),
    user: (await read<{ id: string }[]>('/users?username=bob'))[0]?.id,
    management: await clientId('realm-management'),
  }
}

onBothProviders('The accounts that write roles', (start) => {
  const open = () => start(realmWithTool(), ENV)

  it('may write roles and no people, and the others of the gateway may not write them', async () => {
    const world = await open()
    const { orders, customer, write, user, read, management } = await known(world)
    const manageUsers = (await read<{ name: string }[]>(`/clients/${management}/roles`)).filter(
      ({ name }) => name === 'manage-users' || name === 'realm-admin',
    )
    const writes = [
      ['POST', '/roles', { name: 'x' }],
      ['PUT', `/roles-by-id/${customer.id}`, { name: 'customer', description: 'x' }],
      ['POST', `/roles-by-id/${customer.id}/composites`, [write]],
      ['DELETE', `/roles-by-id/${customer.id}/composites`, [write]],
      ['DELETE', `/roles-by-id/${customer.id}`],
    ] as const
    for (const account of ['admin', 'clients']) {
      const ask = await asking(world, { id: `cloakroom-${account}`, secret: `demo-${account}-secret-change-me` })
      for (const [method, path, body] of writes)
        expect(await ask(method, path, body), `${account} ${path}`).to.equal(403)
    }
    const writer = await asking(world, WRITER)
    for (const [method, path, body] of [
      ['GET', '/users'],
      ['POST', '/users', { username: 'mallory' }],
      ['PUT', `/users/${user}`, { enabled: false }],
      ['POST', `/users/${user}/role-mappings/realm`, [customer]],
      ['POST', `/users/${user}/role-mappings/clients/${orders}`, [write]],
      ['GET', '/events'],
      ['POST', '/logout-all'],
      ...manageUsers.map((part) => ['POST', `/roles-by-id/${customer.id}/composites`, [part]] as const),
    ] as const)
      expect(await writer(method, path, body), `${method} ${path}`).to.equal(403)
    for (const [method, path, body] of writes) expect(await writer(method, path, body), path).to.be.oneOf([201, 204])
  })

  it('need manage-clients only where roles of the realm and of clients are in one another', async () => {
    const world = await open()
    const { read, clientId, management } = await known(world)
    const account = await read<{ id: string }>(`/clients/${await clientId(WRITER.id)}/service-account-user`)
    const mapping = `/users/${account.id}/role-mappings/clients/${management}`
    const given = (await read<{ name: string }[]>(mapping)).filter(({ name }) => name === 'manage-clients')
    await world.admin.call('DELETE', `/${world.realm}${mapping}`, given)
    const desk = rolesDesk(world, await toolToken(world, ada))
    const made = await desk('POST', '', { name: 'till', composites: ['realm:customer'] })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    const ofClient = await desk('POST', '', {
      ...{ name: 'both', client: 'orders-api', composites: ['client:orders-api:orders.read'] },
    })
    expect(ofClient.status).to.equal(201)
    const mixed = await desk('POST', '', { name: 'mixed', composites: ['client:orders-api:orders.read'] })
    expect([mixed.status, mixed.body.error.code]).to.deep.equal([502, 'KEYCLOAK_REFUSED'])
    expect((await desk('GET', '?search=mixed')).body.data.roles, 'undone').to.deep.equal([])
    expect(world.gateway.logText()).to.contain('for mixed composites manage-clients')
  })

  it('are missed with 501, and what is read goes on', async () => {
    const world = await start(realmWithTool())
    const desk = rolesDesk(world, await toolToken(world, ada))
    const refused = await desk('POST', '', { name: 'x' })
    expect([refused.status, refused.body.error.code]).to.deep.equal([501, 'KEYCLOAK_REQUIRED'])
    expect(world.gateway.logText()).to.contain('KEYCLOAK_REALM_CLIENT_ID is not set')
    const ofClient = await desk('POST', '', { name: 'x', client: 'orders-api' })
    expect(ofClient.status).to.equal(501)
    expect((await desk('GET', '?search=customer')).body.data.roles).to.have.length(1)
  })
})
