import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import type { AdminAnswer, AdminHttp } from '../../../../src/platform/keycloak/admin-api/admin-http.ts'
import { createHttpKeycloakRoleCatalogue } from '../../../../src/platform/keycloak/roles/http-keycloak-role-catalogue.ts'
import type { RoleView } from '../../../../src/platform/keycloak/roles/keycloak-roles.ts'

const till = { id: 'r1', name: 'till', composite: true, clientRole: false, containerId: 'demo' }
const read = { id: 'r2', name: 'read', composite: false, clientRole: true, containerId: 'c-shop' }
const SHOP = { id: 'c-shop', clientId: 'shop', fullScopeAllowed: false }
const MANAGEMENT = [{ id: 'c-rm', clientId: 'realm-management' }]
const view = (changes: Partial<RoleView> = {}): RoleView => ({
  ...{ id: 'r1', key: 'realm:till', name: 'till', description: null, composite: true, clientUuid: null },
  ...changes,
})

/** Answers by address; whatever has none is 404. */
function canned(answers: Record<string, unknown>, asked: string[] = []): AdminHttp {
  return async (path, { method = 'GET', accept = [] } = {}) => {
    asked.push(`${method} ${path}`)
    const body = answers[`${method} ${path}`]
    const status = typeof body === 'number' ? body : body === undefined ? 404 : 200
    if (status >= 400 && !accept.includes(status)) throw new GatewayError('NOT_FOUND', { reason: path })
    const answer: AdminAnswer = {
      ...{ status, madeId: undefined, time: undefined },
      read: async (schema) => schema.parse(body),
    }
    return answer
  }
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )
const catalogueOf = (reads: AdminHttp, ofRealm = reads, ofClients = reads) =>
  createHttpKeycloakRoleCatalogue({ reads, ofRealm, ofClients })

describe("The catalogue of roles at Keycloak's admin API", () => {
  it('shows a role with what is in it, by names that people know', async () => {
    const reads = canned({
      'GET /roles-by-id/r1': { ...till, description: '', attributes: { b: ['2'], a: ['1'] }, futureMember: true },
      'GET /roles-by-id/r1/composites': [read, { ...till, id: 'r3', name: 'a' }],
      'GET /clients?clientId=realm-management': MANAGEMENT,
      'GET /clients/c-shop': { ...SHOP, secret: 'not to be shown' },
    })
    const role = await catalogueOf(reads).read('r1')
    expect(role).to.deep.include({ key: 'realm:till', client: null, description: null })
    expect(Object.keys(role.attributes)).to.deep.equal(['a', 'b'])
    expect(role.composites.map(({ key }) => key)).to.deep.equal(['client:shop:read', 'realm:a'])
    expect(JSON.stringify(role)).to.not.match(/secret|future/)
    expect(await codeOf(catalogueOf(reads).read('gone'))).to.equal('ROLE_NOT_FOUND')
  })

  it('answers nothing where the account does not see clients: Keycloak would leave out their roles', async () => {
    const reads = canned({
      'GET /roles-by-id/r1': till,
      'GET /roles-by-id/r1/composites': [],
      'GET /clients?clientId=realm-management': [],
    })
    expect(await codeOf(catalogueOf(reads).read('r1'))).to.equal('KEYCLOAK_REFUSED')
  })

  it('asks about names as they are, and never about those that lead to another place', async () => {
    const asked: string[] = []
    const reads = canned({}, asked)
    const page = { first: 0, max: 2 }
    expect(await codeOf(catalogueOf(reads).holders(view({ name: 'a/b ü' }), page))).to.equal('ROLE_NOT_FOUND')
    const [call] = asked.splice(0)
    expect(call).to.equal('GET /roles/a%2Fb%20%C3%BC/users?first=0&max=3&briefRepresentation=true')
    for (const name of ['.', '..', '']) {
      expect(await codeOf(catalogueOf(reads).holders(view({ name }), page)), name).to.equal('INVALID_REQUEST')
      expect(await codeOf(catalogueOf(reads).usage(view({ name }))), name).to.equal('INVALID_REQUEST')
    }
    expect(asked).to.deep.equal([])
  })

  it('finds every place where a role is used', async () => {
    const reads = canned({
      'GET /roles/till/users?first=0&max=101&briefRepresentation=true': [{ id: 'u1' }, { id: 'u2' }],
      'GET /roles/till/groups?first=0&max=100': [{ path: '/staff/night' }],
      'GET /clients?first=0&max=100': [SHOP, { id: 'c-full', clientId: 'full', fullScopeAllowed: true }],
      'GET /client-scopes': [{ id: 's1', name: 'orders' }],
      'GET /client-scopes/s1/scope-mappings': { realmMappings: [{ id: 'r1' }] },
      'GET /clients/c-shop/scope-mappings': { clientMappings: { x: { mappings: [{ id: 'r1' }] } } },
      'GET /roles': [till, { ...till, id: 'r4', name: 'boss' }, { ...till, id: 'r5', name: 'plain', composite: false }],
      'GET /clients/c-shop/roles': [{ ...read, composite: true }],
      'GET /clients/c-full/roles': [],
      'GET /roles-by-id/r1/composites': [],
      'GET /roles-by-id/r4/composites': [{ id: 'r1' }],
      'GET /roles-by-id/r2/composites': [{ id: 'r1' }],
      'GET /clients/c-shop': SHOP,
    })
    expect(await catalogueOf(reads).usage(view())).to.deep.equal({
      ...{ users: 2, moreUsers: false, groups: ['/staff/night'], roles: ['client:shop:read', 'realm:boss'] },
      ...{ clientScopes: ['orders'], clients: ['shop'] },
    })
  })

  it('writes roles of the realm and of clients by the accounts for them, mixed ones by that of the realm', async () => {
    const byRealm: string[] = []
    const byClients: string[] = []
    const answers = {
      'POST /roles-by-id/r1/composites': 204,
      'DELETE /roles-by-id/r2/composites': 204,
      'POST /clients/c-shop/roles': 201,
      'DELETE /roles-by-id/r1': 400,
    }
    const catalogue = catalogueOf(canned({}), canned(answers, byRealm), canned(answers, byClients))
    const ofShop = view({ id: 'r2', key: 'client:shop:read', name: 'read', clientUuid: 'c-shop' })
    await catalogue.add(view(), [ofShop])
    await catalogue.take(ofShop, [ofShop])
    await catalogue.create('c-shop', { name: 'x', description: null, attributes: {} })
    expect(await codeOf(catalogue.remove(view()))).to.equal('ROLE_PROTECTED')
    expect(byRealm).to.deep.equal(['POST /roles-by-id/r1/composites', 'DELETE /roles-by-id/r1'])
    expect(byClients).to.deep.equal(['DELETE /roles-by-id/r2/composites', 'POST /clients/c-shop/roles'])
    const closed = createHttpKeycloakRoleCatalogue({ reads: canned({}), ofRealm: undefined, ofClients: canned({}) })
    expect(() => closed.makeSureItWrites('c-shop')).to.not.throw()
    for (const ask of [() => closed.makeSureItWrites(null), () => closed.makeSureItWrites('c-shop', [view()])])
      expect(ask).to.throw().with.property('reason', 'KEYCLOAK_REALM_CLIENT_ID is not set')
  })
})
