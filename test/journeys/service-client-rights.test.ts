import { expect } from 'chai'
import { clientsDesk, fineGrained, OPERATOR, realmWithTool, toolToken } from './world/clients-desk.ts'
import { keycloakAs } from './world/keycloak-as.ts'
import { missingFor, sharedProvider } from './world/shared.ts'
import { ada, createWorld, onBothProviders, type World } from './world/world.ts'

const CLIENTS = { id: 'cloakroom-clients', secret: OPERATOR.KEYCLOAK_CLIENTS_CLIENT_SECRET }
const ADMIN = { id: 'cloakroom-admin', secret: 'demo-admin-secret-change-me' }

onBothProviders('The rights of the account that registers service clients', (start) => {
  const open = () => start(realmWithTool(), OPERATOR)

  it('end where those of the account that gives roles begin', async () => {
    const world = await open()
    const orders = await idOf(world, 'orders-api')
    const service = await idOf(world, 'orders-service')
    const { id: account } = (await (
      await world.admin.call('GET', `/${world.realm}/clients/${service}/service-account-user`)
    ).json()) as { id: string }
    const roles = (await (await world.admin.call('GET', `/${world.realm}/clients/${orders}/roles`)).json()) as object[]
    const mapping = `/users/${account}/role-mappings/clients/${orders}`
    const clients = await asking(world, CLIENTS)
    for (const [method, path, body] of [
      ['GET', '/users'],
      ['GET', `/users/${account}`],
      ['PUT', `/users/${account}`, { enabled: false }],
      ['POST', '/users', { username: 'mallory' }],
      ['POST', mapping, roles],
      ['GET', '/events'],
      ['PUT', '', { registrationAllowed: true }],
      ['POST', '/logout-all'],
    ] as const)
      expect(await clients(method, path, body), `${method} ${path}`).to.equal(403)
    const admin = await asking(world, ADMIN)
    for (const [method, path, body] of [
      ['POST', `/clients/${service}/client-secret`],
      ['PUT', `/clients/${service}`, { enabled: false }],
      ['POST', '/clients', { clientId: 'svc-x' }],
      ['DELETE', `/clients/${service}`],
    ] as const)
      expect(await admin(method, path, body), `${method} ${path}`).to.equal(403)
    expect(await admin('POST', mapping, roles)).to.equal(204)
  })

  it('are missed with a clear word to the operator, and 503 says when to come again', async () => {
    const world = await open()
    const desk = clientsDesk(world, await toolToken(world, ada))
    expect((await desk('GET', '')).status).to.equal(200)
    await world.provider.goDown()
    try {
      for (let i = 0; i < 7; i++) {
        const { status, headers, body } = await desk(i % 2 ? 'GET' : 'POST', '', i % 2 ? undefined : {})
        expect([status, body.error.code]).to.deep.equal([503, 'KEYCLOAK_UNAVAILABLE'])
        expect(Number(headers.get('retry-after'))).to.be.greaterThan(0)
      }
      expect(world.gateway.logText()).to.contain('the breaker of keycloak:clients is open')
    } finally {
      await world.provider.comeBack()
    }
  })
})

describe('The rights of the account that registers service clients, fine-grained (keycloak)', () => {
  let world: World
  before(async function () {
    if (missingFor('keycloak') !== undefined) return this.skip()
    world = await createWorld(await sharedProvider('keycloak'), realmWithTool(), OPERATOR)
  })
  after(() => world?.close())

  it('can be kept from the clients that were there before, by fine-grained permissions', async () => {
    const own = ['cloakroom', 'cloakroom-admin', 'cloakroom-clients', 'orders-api', 'orders-service', 'account']
    const closed = [
      ...own,
      'account-console',
      'realm-management',
      'broker',
      'security-admin-console',
      'admin-cli',
      'tool',
    ]
    await fineGrained(world, closed)
    const clients = await asking(world, CLIENTS)
    for (const clientId of closed) {
      const path = `/clients/${await idOf(world, clientId)}`
      const answers = [
        await clients('GET', path),
        await clients('GET', `${path}/client-secret`),
        await clients('PUT', path, { redirectUris: ['*'] }),
        await clients('DELETE', path),
      ]
      expect(answers, clientId).to.deep.equal([403, 403, 403, 403])
    }
    const desk = clientsDesk(world, await toolToken(world, ada))
    const made = await desk('POST', '', { clientId: 'svc-fine', scopes: ['orders.read'] })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    const { client } = made.body.data
    const { version } = client
    const results = [
      await desk('GET', ''),
      await desk('PUT', `/${client.id}/scopes`, { version, scopes: ['orders.write'] }),
      await desk('POST', `/${client.id}/secret`),
      await desk('POST', `/${client.id}/disable`),
      await desk('POST', `/${client.id}/enable`),
      await desk('POST', `/${client.id}/disable`),
      await desk('DELETE', `/${client.id}`),
    ]
    expect(results.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200, 200, 200])
    for (const clientId of closed)
      expect((await desk('GET', `/${await idOf(world, clientId)}`)).status, clientId).to.be.oneOf([404, 502])
  })
})

/** What one of the gateway's accounts is answered by Keycloak in its realm. */
async function asking(world: World, account: { id: string; secret: string }) {
  const call = await keycloakAs(world, account)
  return async (method: string, path: string, body?: object) =>
    (await call(method, `/${world.realm}${path}`, body)).status
}

async function idOf({ admin, realm }: World, clientId: string): Promise<string> {
  const [client] = (await (await admin.call('GET', `/${realm}/clients?clientId=${clientId}`)).json()) as {
    id: string
  }[]
  return client?.id ?? ''
}
