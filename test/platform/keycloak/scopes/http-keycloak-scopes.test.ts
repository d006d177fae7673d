import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { createAdminHttp } from '../../../../src/platform/keycloak/admin-api/admin-http.ts'
import type { RoleView } from '../../../../src/platform/keycloak/roles/keycloak-roles.ts'
import { createHttpKeycloakScopes } from '../../../../src/platform/keycloak/scopes/http-keycloak-scopes.ts'

type Reply = [status: number, body?: unknown, headers?: Record<string, string>]

/** A Keycloak that answers what it was told for each call, in turn; three accounts ask: for reads, writes and mappings. */
function keycloak(replies: Record<string, Reply[]>) {
  const asked: string[] = []
  const reach = (account: string) =>
    createAdminHttp({
      ...{ baseUrl: 'http://kc.test', realm: 'demo', needs: 'view-clients' },
      token: { get: async () => account, forget: () => undefined },
      async fetch(url, { method, headers, body }) {
        const call = `${method} ${url.replace('http://kc.test/admin/realms/demo', '')}`
        const token = new Headers(headers).get('authorization')?.replace('Bearer ', '')
        asked.push(`${token}: ${call}${typeof body === 'string' ? ` ${body}` : ''}`)
        const [status, sent, more = {}] = replies[call]?.shift() ?? [500]
        return new Response(sent === undefined ? null : JSON.stringify(sent), { status, headers: more })
      },
    })
  const [reads, writes, mapsRealmRoles] = [reach('reader'), reach('writer'), reach('mapper')]
  return { port: createHttpKeycloakScopes({ reads, writes, mapsRealmRoles }), asked }
}

const raw = {
  ...{ id: 's1', name: 'orders.read', description: '', protocol: 'openid-connect' },
  attributes: { 'include.in.token.scope': 'false', 'consent.screen.text': 'Orders', 'x.y': 'z' },
  protocolMappers: [{ id: 'm1', name: 'aud', config: { secret: 'x' } }],
}
const scope = {
  ...{ id: 's1', name: 'orders.read', description: null, resource: null, consentText: 'Orders' },
  ...{ includeInTokenScope: false, showOnConsentScreen: true },
}
const { id: _, ...fields } = scope
const role = (key: string, clientUuid: string | null): RoleView => ({
  ...{ id: `id of ${key}`, key, name: key.split(':').at(-1) ?? '', clientUuid },
  ...{ description: null, composite: false },
})
const saml = { id: 's2', name: 'role_list', protocol: 'saml', attributes: {} }

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )
}

describe('Client scopes by the admin API', () => {
  it('are read with what is shown of them, and those of other protocols are not there', async () => {
    const { port } = keycloak({
      'GET /client-scopes': [[200, [{ ...raw, id: 's0', name: 'z', attributes: null }, raw, saml]]],
      'GET /client-scopes/s1': [[200, raw]],
      'GET /client-scopes/s2': [[200, saml]],
      'GET /client-scopes/s3': [[404, { error: 'Could not find client scope' }]],
    })
    const plain = { ...scope, id: 's0', name: 'z', consentText: null, includeInTokenScope: true }
    expect(await port.list()).to.deep.equal([scope, plain])
    expect(await port.read('s1')).to.deep.equal(scope)
    expect(await codeOf(port.read('s2'))).to.equal('SCOPE_NOT_FOUND')
    expect(await codeOf(port.read('s3'))).to.equal('SCOPE_NOT_FOUND')
  })

  it('are not taken for none by an account that may not see them: Keycloak tells it an empty list', async () => {
    const { port } = keycloak({
      'GET /client-scopes': [[200, []]],
      'GET /default-default-client-scopes': [[403, { error: 'HTTP 403 Forbidden' }]],
    })
    expect(await codeOf(port.list())).to.equal('KEYCLOAK_REFUSED')
  })

  it('are changed with their name, and with nothing that is not to change', async () => {
    const { port, asked } = keycloak({ 'PUT /client-scopes/s1': [[204], [204], [409], [404]] })
    await port.change(scope, { consentText: null, includeInTokenScope: true })
    await port.change(scope, { name: 'orders.see', description: null })
    expect(asked).to.deep.equal([
      'writer: PUT /client-scopes/s1 {"name":"orders.read","protocol":"openid-connect","attributes":{"include.in.token.scope":"true","consent.screen.text":null}}',
      'writer: PUT /client-scopes/s1 {"name":"orders.see","protocol":"openid-connect","description":""}',
    ])
    expect(await codeOf(port.change(scope, { name: 'taken' }))).to.equal('SCOPE_EXISTS')
    expect(await codeOf(port.change(scope, { description: 'x' }))).to.equal('SCOPE_NOT_FOUND')
  })

  it('are made with a mark by which they are found when the answer is lost', async () => {
    const location = { location: 'http://kc.test/admin/realms/demo/client-scopes/s9' }
    const marked = { ...raw, id: 's9', attributes: { 'cloakroom.made-by': 'mark-1' } }
    const { port, asked } = keycloak({
      'POST /client-scopes': [[201, undefined, location], [201], [409]],
      'GET /client-scopes': [[200, [raw, marked]]],
      'DELETE /client-scopes/s9': [[204]],
    })
    expect(await port.create(fields, 'mark-1')).to.equal('s9')
    expect(JSON.parse(asked[0]?.replace('writer: POST /client-scopes ', '') ?? '')).to.deep.equal({
      ...{ name: 'orders.read', protocol: 'openid-connect', description: '' },
      attributes: {
        'include.in.token.scope': 'false',
        'display.on.consent.screen': 'true',
        'consent.screen.text': 'Orders',
        'cloakroom.made-by': 'mark-1',
      },
    })
    expect(await codeOf(port.create(fields, 'mark-2'))).to.equal('KEYCLOAK_UNAVAILABLE')
    expect(await codeOf(port.create(fields, 'mark-3'))).to.equal('SCOPE_EXISTS')
    await port.discard('mark-1')
    expect(asked.at(-1)).to.equal('writer: DELETE /client-scopes/s9')
  })

  it('have roles of the realm and of clients', async () => {
    const { port } = keycloak({
      'GET /client-scopes/s1/scope-mappings': [
        [
          200,
          {
            realmMappings: [{ id: 'r1', name: 'staff', composite: true }],
            clientMappings: { shop: { id: 'c1', client: 'shop', mappings: [{ id: 'r2', name: 'read' }] } },
          },
        ],
        [200, {}],
      ],
    })
    const [ofClient, ofRealm] = await port.rolesOf('s1')
    expect(ofRealm).to.include({ key: 'realm:staff', clientUuid: null, composite: true })
    expect(ofClient).to.include({ key: 'client:shop:read', clientUuid: 'c1', composite: false })
    expect(await port.rolesOf('s1')).to.deep.equal([])
  })

  it('get and lose roles at the place of their owner; without roles nothing is asked', async () => {
    const realm = 'POST /client-scopes/s1/scope-mappings/realm'
    const client = 'DELETE /client-scopes/s1/scope-mappings/clients/c1'
    const gone: Reply = [404, { error: 'Role not found' }]
    const { port, asked } = keycloak({
      [realm]: [[204], [403], gone, [404]],
      [client]: [[204]],
      'GET /client-scopes/s1': [[200, raw], [404]],
    })
    const staff = [role('realm:staff', null)]
    await port.mapRoles('s1', staff)
    await port.unmapRoles('s1', [role('client:shop:read', 'c1'), role('client:shop:write', 'c1')])
    await port.unmapRoles('s1', [])
    expect(asked).to.deep.equal([
      `mapper: ${realm} [{"id":"id of realm:staff","name":"staff"}]`,
      `writer: ${client} [{"id":"id of client:shop:read","name":"read"},{"id":"id of client:shop:write","name":"write"}]`,
    ])
    expect(await codeOf(port.mapRoles('s1', staff))).to.equal('KEYCLOAK_REFUSED')
    expect(await codeOf(port.mapRoles('s1', staff))).to.equal('ROLE_NOT_FOUND')
    expect(await codeOf(port.mapRoles('s1', staff))).to.equal('SCOPE_NOT_FOUND')
  })

  it('are in use where a client or the realm has them, over all pages', async () => {
    const client = (clientId: string, more: object = {}) => ({ id: `id of ${clientId}`, clientId, ...more })
    const page = Array.from({ length: 100 }, (_one, at) => client(`c${at}`))
    const { port } = keycloak({
      'GET /clients?first=0&max=100': [
        [200, [...page.slice(1), client('realm-management')]],
        [200, []],
      ],
      'GET /clients?first=100&max=100': [
        [
          200,
          [
            client('z', { defaultClientScopes: ['orders.read'], secret: 'x' }),
            client('a', { optionalClientScopes: ['orders.read'] }),
            client('b', { defaultClientScopes: ['orders.reading'] }),
          ],
        ],
      ],
      'GET /default-default-client-scopes': [
        [200, []],
        [200, []],
      ],
      'GET /default-optional-client-scopes': [
        [200, [{ id: 's1', name: 'orders.read' }]],
        [200, []],
      ],
    })
    expect(await port.useOf(scope)).to.deep.equal({
      clients: [
        { id: 'id of a', clientId: 'a', as: 'on request' },
        { id: 'id of z', clientId: 'z', as: 'always' },
      ],
      ofNewClients: 'on request',
    })
    expect(await codeOf(port.useOf(scope)), 'of an account that does not see all clients').to.equal('KEYCLOAK_REFUSED')
  })

  it('are not read from what is no answer of Keycloak', async () => {
    for (const body of ['<html>', [{ id: 1 }], { error: 'x' }, [{ ...raw, name: '' }]]) {
      const { port } = keycloak({ 'GET /client-scopes': [[200, body]] })
      expect(await codeOf(port.list()), JSON.stringify(body)).to.equal('KEYCLOAK_UNAVAILABLE')
    }
    const { port } = keycloak({ 'GET /client-scopes/s1/scope-mappings': [[200, { realmMappings: ['staff'] }]] })
    expect(await codeOf(port.rolesOf('s1'))).to.equal('KEYCLOAK_UNAVAILABLE')
  })
})
