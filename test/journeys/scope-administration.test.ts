import { expect } from 'chai'
import { decodeJwt } from 'jose'
import { apiByToken } from './world/api-by-token.ts'
import { OPERATOR, realmWithTool, toolToken } from './world/clients-desk.ts'
import { letMapRealmRoles } from './world/map-realm-roles.ts'
import { ada, alice, onBothProviders, type World } from './world/world.ts'

const ENV = { ...OPERATOR, SERVICE_CLIENT_SCOPES: 'orders.read,orders.write,reports.read' }
/** The account that changes roles may map those of the realm. */
const WITH_REALM_ACCOUNT = {
  ...ENV,
  KEYCLOAK_REALM_CLIENT_ID: 'cloakroom-realm',
  KEYCLOAK_REALM_CLIENT_SECRET: 'demo-realm-secret-change-me',
}
const READ = 'client:orders-api:orders.read'
const WRITE = 'client:orders-api:orders.write'

/** Asks the gateway's API as somebody, by a token. */
const asking = async (world: World, user: { username: string; password: string }) =>
  apiByToken(`${world.gateway.url}/api/v1`, await toolToken(world, user))

/** What the token of a service client says it may do. */
async function rightsOf(world: World, client: { id: string; secret: string }) {
  const { scope, resource_access: access } = decodeJwt<{
    scope: string
    resource_access?: Record<string, { roles: string[] }>
  }>(await world.serviceToken(client))
  return { scopes: scope.split(' '), roles: access?.['orders-api']?.roles ?? [] }
}

onBothProviders('An administrator looks after scopes', (start) => {
  it('makes one for a role, gives it to a service client, and its token carries both; in use it is not deleted', async () => {
    const world = await start(realmWithTool(), WITH_REALM_ACCOUNT)
    const ask = await asking(world, ada)
    const made = await ask('POST', '/admin/scopes', { name: 'reports.read', description: 'Reports', roles: [READ] })
    expect(made.status, JSON.stringify(made.body)).to.equal(201)
    const { scope } = made.body.data
    const at = `/admin/scopes/${scope.id}`
    expect((await ask('POST', '/admin/scopes', { name: 'reports.read' })).body.error.code).to.equal('SCOPE_EXISTS')
    const ofRealm = await ask('POST', '/admin/scopes', { name: 'orders.own', roles: ['realm:customer', READ] })
    expect(ofRealm.status, JSON.stringify(ofRealm.body)).to.equal(201)

    const { client, secret } = (await ask('POST', '/clients', { clientId: 'svc-till' })).body.data
    const till = { id: 'svc-till', secret }
    expect((await rightsOf(world, till)).scopes).to.not.include('reports.read')
    const { version } = client
    const given = await ask('PUT', `/clients/${client.id}/scopes`, { version, scopes: ['reports.read'] })
    expect(given.status, JSON.stringify(given.body)).to.equal(200)
    const rights = await rightsOf(world, till)
    expect(rights.scopes).to.include('reports.read')
    expect(rights.roles).to.deep.equal(['orders.read'])

    const roles = (await ask('GET', `${at}/roles`)).body.data
    expect(roles.roles.map(({ role }: { role: string }) => role)).to.deep.equal([READ])
    const other = await ask('PUT', `${at}/roles`, { roles: [WRITE], version: roles.version })
    expect(other.status, JSON.stringify(other.body)).to.equal(200)
    expect(await rightsOf(world, till), 'it does not hold the other role').to.deep.include({ roles: [] })
    expect((await rightsOf(world, till)).scopes).to.not.include('reports.read')
    const { status, body } = await ask('PUT', `${at}/roles`, { roles: [], version: roles.version })
    expect([status, body.error.details.changed]).to.deep.equal([409, [{ field: 'roles', now: [WRITE] }]])

    expect((await ask('GET', `${at}/clients`)).body.data.clients).to.deep.equal([
      { id: client.id, clientId: 'svc-till', as: 'always' },
    ])
    const refused = await ask('DELETE', at)
    expect([refused.status, refused.body.error.code]).to.deep.equal([409, 'SCOPE_IN_USE'])
    expect(refused.body.error.details.usedBy.clients).to.deep.equal(['svc-till'])
    const now = given.body.data.client.version
    expect((await ask('PUT', `/clients/${client.id}/scopes`, { version: now, scopes: [] })).status).to.equal(200)
    expect((await ask('DELETE', at)).status).to.equal(200)
    expect((await ask('GET', at)).body.error.code).to.equal('SCOPE_NOT_FOUND')
    expect((await (await asking(world, alice))('GET', '/admin/scopes')).status).to.equal(403)
  })

  it('changes what it says, and what Keycloak keeps beside it stays; roles of the realm take a right of their own', async () => {
    const world = await start(realmWithTool(), ENV)
    const { admin, realm } = world
    const ask = await asking(world, ada)
    const read = async <T>(path: string) => (await (await admin.call('GET', `/${realm}${path}`)).json()) as T
    const [client] = await read<{ id: string }[]>('/clients?clientId=orders-service')
    const mapper = { name: 'aud', protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper' }
    const made = await admin.call('POST', `/${realm}/client-scopes`, {
      ...{ name: 'own', description: 'Old', protocol: 'openid-connect' },
      attributes: { 'gui.order': '7', 'consent.screen.text': 'Old', 'include.in.token.scope': 'true' },
      protocolMappers: [{ ...mapper, config: { 'included.client.audience': 'reports' } }],
    })
    const id = made.headers.get('location')?.split('/').at(-1)
    const { name, includeInTokenScope, version } = (await ask('GET', `/admin/scopes/${id}`)).body.data.scope
    const put = { name, includeInTokenScope, version, description: null, resource: 'reports' }
    const changed = await ask('PUT', `/admin/scopes/${id}`, { ...put, showOnConsentScreen: false, consentText: null })
    expect(changed.status, JSON.stringify(changed.body)).to.equal(200)
    expect(changed.body.data.scope).to.deep.include({ description: null, consentText: null, resource: 'reports' })
    const kept = await read<{ attributes: object; protocolMappers: object[] }>(`/client-scopes/${id}`)
    expect(kept.attributes).to.deep.equal({
      ...{ 'gui.order': '7', 'include.in.token.scope': 'true', 'display.on.consent.screen': 'false' },
      'cloakroom.resource': 'reports',
    })
    expect(kept.protocolMappers).to.have.length(1)
    expect(kept.protocolMappers[0]).to.deep.include(mapper)

    // A client role and one of the realm: the account may map the first, so that nothing may be left of it.
    const none = (await ask('GET', `/admin/scopes/${id}/roles`)).body.data.version
    const roles = ['realm:whole', WRITE]
    await admin.call('POST', `/${realm}/roles`, { name: 'whole' })
    await admin.call('POST', `/${realm}/roles/whole/composites`, [await read<object>('/roles/customer')])
    const refused = await ask('PUT', `/admin/scopes/${id}/roles`, { roles, version: none })
    expect([refused.status, refused.body.error.code]).to.deep.equal([502, 'KEYCLOAK_REFUSED'])
    expect((await ask('POST', '/admin/scopes', { name: 'half', roles })).body.error.code).to.equal('KEYCLOAK_REFUSED')
    expect((await ask('GET', '/admin/scopes?search=half')).body.data.total).to.equal(0)
    expect((await ask('GET', `/admin/scopes/${id}/roles`)).body.data.roles).to.deep.equal([])
    expect(world.gateway.logText()).to.contain('map-role-client-scope')

    await letMapRealmRoles(world)
    const mapped = await ask('PUT', `/admin/scopes/${id}/roles`, { roles, version: none })
    expect(mapped.status, JSON.stringify(mapped.body)).to.equal(200)
    // Who holds a part of a composite role gets the scope.
    await admin.call('PUT', `/${realm}/clients/${client?.id}/default-client-scopes/${id}`)
    expect(decodeJwt<{ scope: string }>(await world.serviceToken()).scope.split(' ')).to.include('own')
    const only = { roles: [WRITE], version: mapped.body.data.version }
    expect((await ask('PUT', `/admin/scopes/${id}/roles`, only)).status).to.equal(200)
    expect(decodeJwt<{ scope: string }>(await world.serviceToken()).scope.split(' ')).to.not.include('own')
  })
})
