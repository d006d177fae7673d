import { expect } from 'chai'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { createHttpKeycloakRoles } from '../../../../src/platform/keycloak/roles/http-keycloak-roles.ts'
import { cannedKeycloak, config, startAdmin } from '../canned-keycloak.ts'

const SHOP = { id: 'c-shop', clientId: 'shop' }
const MANAGEMENT = { id: 'c-rm', clientId: 'realm-management' }
const customer = { id: 'r1', name: 'customer', composite: true, clientRole: false, containerId: 'demo' }
const read = { id: 'r2', name: 'read', composite: false, clientRole: true, containerId: 'c-shop' }
const manage = { id: 'r3', name: 'manage-users', composite: false, clientRole: true, containerId: 'c-rm' }
const admin = { id: 'r4', name: 'admin', composite: false, clientRole: false, containerId: 'demo' }

function start() {
  const { guard } = startAdmin()
  const parts = { config, token: { get: async () => 'the-admin-token', forget: () => undefined }, guard }
  return createHttpKeycloakRoles(parts, parts)
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
  )

describe("Roles at Keycloak's admin API", () => {
  const keycloak = cannedKeycloak()
  const keys = (roles: { key: string }[]) => roles.map(({ key }) => key).sort()

  /** What the service account may see is asked for with every decision. */
  function seeing(clients: object[] = [MANAGEMENT]) {
    const api = keycloak.admin()
    api.get('/roles').query({ first: 0, max: 1 }).reply(200, [admin])
    api.get('/clients/').query({ clientId: 'realm-management' }).reply(200, clients)
    api.get('/clients/c-shop').optionally().reply(200, SHOP)
    api.get('/clients/c-rm').optionally().reply(200, MANAGEMENT)
    return api
  }

  it('are found through groups, groups above them, and composites, loops included', async () => {
    const api = seeing()
    api
      .get('/users/u1/role-mappings')
      .reply(200, { clientMappings: { shop: { id: 'c-shop', client: 'shop', mappings: [read] } } })
    api.get('/users/u1/groups').reply(200, [{ id: 'g2', name: 'support', path: '/staff/support', parentId: 'g1' }])
    api.get('/groups/g2').reply(200, { id: 'g2', parentId: 'g1' })
    api.get('/groups/g2/role-mappings').reply(200, {})
    api.get('/groups/g1').reply(200, { id: 'g1' })
    api.get('/groups/g1/role-mappings').reply(200, { realmMappings: [customer] })
    api.get('/roles-by-id/r1/composites').reply(200, [manage, customer])
    expect(keys(await start().effective('u1'))).to.deep.equal([
      'client:realm-management:manage-users',
      'client:shop:read',
      'realm:customer',
    ])
  })

  it('are read once for one decision, whoever holds them, and anew for the next one', async () => {
    const roles = start()
    for (const inside of [[manage], []]) {
      seeing().get('/roles-by-id/r1/composites').reply(200, inside)
      for (const person of ['u1', 'u2']) {
        keycloak
          .admin()
          .get(`/users/${person}/role-mappings`)
          .reply(200, { realmMappings: [customer] })
        keycloak.admin().get(`/users/${person}/groups`).reply(200, [])
      }
      const decision = roles.forDecision()
      const held = [await decision.effective('u1'), await decision.effective('u2'), await decision.expanded([])]
      const expected = [...inside.map(() => 'client:realm-management:manage-users'), 'realm:customer']
      expect(held.map(keys)).to.deep.equal([expected, expected, []])
    }
  })

  const BLIND: [what: string, prepare: () => void][] = [
    ['sees no clients', () => void seeing([])],
    [
      'may not see clients',
      () => {
        keycloak.admin().get('/roles').query(true).reply(200, [])
        keycloak.admin().get('/clients/').query(true).reply(403, {})
      },
    ],
    [
      'may not see roles',
      () => {
        keycloak.admin().get('/roles').query(true).reply(403, {})
        keycloak.admin().get('/clients/').query(true).reply(200, [MANAGEMENT])
      },
    ],
  ]
  for (const [what, prepare] of BLIND)
    it(`are not decided on by a service account that ${what}: Keycloak leaves out what it may not see`, async () => {
      prepare()
      keycloak.admin().get('/users/u1/role-mappings').optionally().reply(200, {})
      keycloak.admin().get('/users/u1/groups').optionally().reply(200, [])
      expect(await codeOf(start().effective('u1'))).to.equal('KEYCLOAK_REFUSED')
    })

  it('are found by their keys, and by nothing that would lead elsewhere', async () => {
    const api = seeing()
    api.get('/clients/').query({ clientId: 'shop' }).reply(200, [SHOP])
    api.get('/clients/c-shop/roles/read').reply(200, read)
    expect(await start().find('client:shop:read')).to.include({ id: 'r2', clientUuid: 'c-shop' })
    seeing().get('/roles/a%2Fb').reply(404, {})
    expect(await start().find('realm:a/b')).to.equal(undefined)
    for (const key of ['realm:..', 'realm:.', 'realm:', 'client:shop', 'admin']) {
      seeing()
      expect(await start().find(key), key).to.equal(undefined)
    }
  })

  it('are found where the id of the client is an address, and not where two are written alike', async () => {
    const APP = { id: 'c-app', clientId: 'https://app.test' }
    const HTTPS = { id: 'c-https', clientId: 'https' }
    const reader = { ...read, id: 'r5', name: 'reader', containerId: 'c-app' }
    const key = 'client:https://app.test:reader'
    for (const twin of [undefined, HTTPS]) {
      const api = seeing()
      api.get('/clients/').query({ clientId: 'https://app.test' }).reply(200, [APP])
      api.get('/clients/c-app/roles/reader').reply(200, reader)
      api
        .get('/clients/')
        .query({ clientId: 'https' })
        .reply(200, twin === undefined ? [] : [twin])
      const alike = { ...reader, id: 'r6', name: '//app.test:reader', containerId: 'c-https' }
      if (twin !== undefined) api.get('/clients/c-https/roles/%2F%2Fapp.test%3Areader').reply(200, alike)
      const found = await start().find(key)
      if (twin === undefined) expect(found).to.include({ id: 'r5', key, clientUuid: 'c-app' })
      else expect(found).to.equal(undefined)
    }
    seeing()
    expect(await start().find(`client:${'a:'.repeat(11)}b`)).to.equal(undefined)
    expect(keycloak.left()).to.deep.equal([])
  })

  it('are given and taken owner by owner', async () => {
    const rows = [{ id: 'r2', name: 'read' }]
    keycloak.admin().post('/users/u1/role-mappings/clients/c-shop', rows).reply(204)
    keycloak
      .admin()
      .delete('/users/u1/role-mappings/realm', [{ id: 'r1', name: 'customer' }])
      .reply(204)
    const view = { key: '', description: null, composite: false }
    await start().assign('u1', [{ ...view, id: 'r2', name: 'read', clientUuid: 'c-shop' }])
    await start().withdraw('u1', [{ ...view, id: 'r1', name: 'customer', clientUuid: null }])
    expect(keycloak.left()).to.deep.equal([])
  })

  it('have other holders: enabled people, also in sub-groups and by composites', async () => {
    const page = { first: 0, max: 100 }
    const people = [
      { id: 'u1', username: 'ada', enabled: true },
      { id: 'u2', username: 'off', enabled: false },
      { id: 'u3', username: 'service-account-x', enabled: true },
    ]
    const api = seeing()
    api.get('/roles/admin').reply(200, admin)
    api.get('/roles/admin/users').query(page).reply(200, people)
    api
      .get('/roles/admin/groups')
      .query(page)
      .reply(200, [{ id: 'g1' }])
    api.get('/groups/g1/members').query(page).reply(200, [])
    api
      .get('/groups/g1/children')
      .query(page)
      .reply(200, [{ id: 'g2' }])
    api.get('/groups/g2/members').query(page).reply(200, [])
    api.get('/groups/g2/children').query(page).reply(200, [])
    api.get('/roles').reply(200, [admin, customer])
    api.get('/roles-by-id/r1/composites').reply(200, [admin])
    api
      .get('/roles/customer/users')
      .query(page)
      .reply(200, [{ id: 'u4', username: 'bob', enabled: true }])
    expect(await start().isHeldByAnother('realm:admin', 'u1')).to.equal(true)
    expect(keycloak.left().filter((one) => !one.includes('/clients/c-'))).to.deep.equal([])
  })

  it('are no longer held by a composite that is about to lose them', async () => {
    const page = { first: 0, max: 100 }
    const holdsAfter = (containsNoMore: (role: string, part: string) => boolean) => {
      const api = seeing()
      api.get('/roles/admin').reply(200, admin)
      api.get('/roles/admin/users').query(page).reply(200, [])
      api.get('/roles/admin/groups').query(page).reply(200, [])
      api.get('/roles').reply(200, [admin, customer])
      api.get('/roles-by-id/r1/composites').reply(200, [admin])
      const bob = { id: 'u4', username: 'bob', enabled: true }
      api.get('/roles/customer/users').query(page).optionally().reply(200, [bob])
      return start().isStillHeld('realm:admin', { containsNoMore })
    }
    expect(await holdsAfter(() => false)).to.equal(true)
    expect(await holdsAfter((role, part) => role === 'r1' && part === 'r4')).to.equal(false)
  })
})
