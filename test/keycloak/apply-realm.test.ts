import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import { expect } from 'chai'
import { connectAdmin } from '../../keycloak/apply/admin-connection.ts'
import { applyRealm } from '../../keycloak/apply-realm.ts'
import { deriveRealm } from '../../keycloak/derive-realm.ts'
import { readRealm } from '../../keycloak/realm-file.ts'
import type { Realm } from '../../keycloak/realm-schema.ts'
import { type RunningKeycloak, startKeycloak } from '../../keycloak/server/start-keycloak.ts'
import { freePort } from '../support/free-port.ts'
import { findKeycloak } from '../support/parts.ts'
import { administrationRights } from './apply/administration-rights.ts'
import { serviceClaims } from './apply/service-token.ts'
import { spoilGateway } from './apply/spoil-gateway.ts'
import { spoilTexts } from './apply/spoil-texts.ts'
import { DEMO_FILE, demoText } from './realm-file/spoil.ts'

describe('Applying a realm to a real Keycloak', function () {
  this.timeout(180_000)
  const dataDir = mkdtempSync(join(tmpdir(), 'apply-realm-'))
  const demo = readRealm(demoText, {}, DEMO_FILE)
  const realm = deriveRealm(demo, { name: 'applied', publicUrl: 'http://localhost:4111' })
  let options: Parameters<typeof startKeycloak>[0]
  let server: RunningKeycloak
  let admin: KeycloakAdminClient
  before(async function () {
    if (findKeycloak(process.env) === undefined) return this.skip()
    this.timeout(600_000)
    options = { port: await freePort(), managementPort: await freePort(), dataDir }
    server = await startKeycloak(options)
    admin = await connectAdmin({ url: server.url, admin: credentials(), realm: realm.realm })
  })

  after(async () => {
    await server?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const credentials = () => ({ username: server.adminUser, password: server.adminPassword })
  const apply = async (wanted: Realm = realm) => applyRealm({ url: server.url, admin: credentials(), realm: wanted })
  const clientNamed = async (clientId: string) => (await admin.clients.find({ clientId }))[0] ?? {}
  const userNamed = async (username: string) => (await admin.users.find({ username, exact: true }))[0] ?? {}
  /** After every repair nothing is left to do. */
  async function repaired(): Promise<string[]> {
    const { changes } = await apply()
    expect((await apply()).changes).to.eql([])
    return changes
  }

  it('creates the realm when it is not there, and changes nothing when asked again', async () => {
    const first = await apply()
    expect(first).to.deep.include({ created: true, ignored: [] })
    expect(first.changes).to.eql(['realm applied: created with 11 clients and 7 users'])
    expect(await apply()).to.eql({ created: false, changes: [], ignored: [] })
  })

  it('gives the service client a token for the orders API with its role and scope', async () => {
    const claims = await serviceClaims(server.url, 'orders-service', 'demo-orders-secret-change-me')
    expect(claims.iss).to.equal(`${server.url}/realms/applied`)
    expect(claims.aud).to.include('orders-api')
    expect(claims.scope.split(' ')).to.include('orders.read').and.not.to.include('orders.write')
    expect(claims.realm_access.roles).to.include('customer')
  })

  it('lets the administration client read people, groups, events, roles and clients, and change no client, role or realm', async () => {
    const { reads, writes } = await administrationRights(server.url)
    expect([new Set(reads), new Set(writes)]).to.eql([new Set([200]), new Set([403])])
  })

  it('stores passwords with Argon2 and three iterations, as the password policy says', async () => {
    const [credential] = await admin.users.getCredentials({ id: (await userNamed('alice')).id ?? '' })
    expect(JSON.parse(credential?.credentialData ?? '{}')).to.deep.include({ algorithm: 'argon2', hashIterations: 3 })
  })

  it('repairs settings and keeps attributes the file does not name', async () => {
    await admin.realms.update({ realm: 'applied' }, { accessTokenLifespan: 900, attributes: { own: 'kept' } })
    const [change] = await repaired()
    expect(change).to.equal(
      'realm applied: accessTokenLifespan 900 → 300, attributes.adminEventsExpiration not set → "604800"',
    )
    expect((await admin.realms.findOne({ realm: 'applied' }))?.attributes).to.include({ own: 'kept' })
  })

  it('repairs a client, its mappers and scopes, keeps its id, and never tells a secret', async () => {
    const { id } = await clientNamed('cloakroom')
    await spoilGateway(admin)

    const changes = await repaired()
    expect(changes).to.eql([
      'client cloakroom: secret changed, redirectUris ["http://elsewhere.example/callback"] → ["http://localhost:4111/callback"]',
      'client cloakroom: mapper "groups" added',
      'client cloakroom: mapper "mine" removed',
      'client cloakroom, default scopes: orders.read added',
    ])
    const after = await clientNamed('cloakroom')
    expect(after.id).to.equal(id)
    expect(after.secret).to.equal('demo-gateway-secret-change-me')
  })

  it('creates deleted roles, groups and scopes anew and gives them back to those of the file', async () => {
    await admin.roles.delByName({ name: 'customer' })
    await admin.clients.delRole({ id: (await clientNamed('orders-api')).id ?? '', roleName: 'orders.write' })
    const [staff] = await admin.groups.find({ search: 'staff', exact: true })
    await admin.groups.del({ id: staff?.id ?? '' })
    const write = (await admin.clientScopes.find()).find(({ name }) => name === 'orders.write')
    await admin.clientScopes.del({ id: write?.id ?? '' })

    expect(await repaired()).to.have.members([
      'client scope orders.write: created',
      'client cloakroom, default scopes: orders.write added',
      'client orders-service, optional scopes: orders.write added',
      'role customer: created',
      'role orders.write of client orders-api: created',
      'client scope orders.write: role of orders-api orders.write added to its scope',
      'group /staff: created',
      'group /staff/support: created',
      'user alice: role customer given',
      'user ada: role customer given',
      'user ada: role of client orders-api orders.write given',
      'user ada: added to group /staff/support',
      'user service-account-orders-service: role customer given',
    ])
  })

  it('takes roles away that a service account has gathered', async () => {
    const account = await admin.clients.getServiceAccountUser({ id: (await clientNamed('cloakroom-admin')).id ?? '' })
    const clientUniqueId = (await clientNamed('realm-management')).id ?? ''
    const role = await admin.clients.findRole({ id: clientUniqueId, roleName: 'manage-clients' })
    const roles = [{ id: role?.id ?? '', name: 'manage-clients' }]
    await admin.users.addClientRoleMappings({ id: account.id ?? '', clientUniqueId, roles })
    expect(await repaired()).to.eql([
      'user service-account-cloakroom-admin: role of client realm-management manage-clients taken away',
    ])
  })

  it('brings back a deleted user, but leaves people alone who are there', async () => {
    const { id = '' } = await userNamed('alice')
    await admin.users.del({ id: (await userNamed('bob')).id ?? '' })
    await admin.users.update({ id }, { firstName: 'Alicia' })
    await admin.users.resetPassword({
      id,
      credential: { type: 'password', value: 'only-alice-knows', temporary: false },
    })
    const held = await admin.users.listRealmRoleMappings({ id })
    const customer = held
      .filter(({ name }) => name === 'customer')
      .map((role) => ({ id: role.id ?? '', name: 'customer' }))
    await admin.users.delRealmRoleMappings({ id, roles: customer })

    expect(await repaired()).to.eql(['user bob: created'])
    expect(await userNamed('alice')).to.deep.include({ id, firstName: 'Alicia' })
    expect((await admin.users.listRealmRoleMappings({ id })).map(({ name }) => name)).not.to.include('customer')
    const [password] = await admin.users.getCredentials({ id })
    const [before] = await admin.users.getCredentials({ id: (await userNamed('ada')).id ?? '' })
    expect(password?.createdDate).to.be.greaterThan(before?.createdDate ?? Number.POSITIVE_INFINITY)
  })

  it('brings required actions and texts back', async () => {
    await spoilTexts(admin)
    expect((await repaired()).join('\n')).to.match(
      /^required action UPDATE_EMAIL: .*enabled false → true.*\ntext .*"Nonsense" → "/,
    )
  })

  it('leaves alone what the file does not name', async () => {
    await admin.roles.create({ name: 'auditor' })
    await admin.clients.create({ clientId: 'somebody-elses' })
    await admin.users.create({ username: 'carol', enabled: true })
    expect((await apply()).changes).to.eql([])
    expect((await userNamed('carol')).username).to.equal('carol')
  })

  it('says which members only count at the creation of a realm', async () => {
    expect((await apply(Object.assign({}, realm, { defaultGroups: [] }))).ignored).to.eql(['defaultGroups'])
  })

  it('creates one realm when two do it at once', async () => {
    const twin = deriveRealm(demo, { name: 'twin' })
    const both = await Promise.all([apply(twin), apply(twin)])
    expect(both.filter(({ created }) => created).length).to.equal(1)
    expect((await apply(twin)).changes).to.eql([])
  })

  it('says what Keycloak refuses', async () => {
    const broken = { ...deriveRealm(demo, { name: 'broken' }), passwordPolicy: 'nope(1)' }
    const refused = await apply(broken).catch((error: unknown) => error)
    expect(String(refused)).to.match(/Keycloak answered 400 at \/admin\/realms\/?: .*Password policy not found/)
  })

  it('is kept when the server is stopped, or killed, and started again', async () => {
    await server.stop()
    server = await startKeycloak(options)
    expect((await apply()).changes).to.eql([])
    await server.kill()
    server = await startKeycloak(options)
    expect((await apply()).changes).to.eql([])
  })
})
