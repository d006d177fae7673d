import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Problem } from '../../keycloak/realm-file/problem.ts'
import { loadRealmFile, RealmFileError, readRealm } from '../../keycloak/realm-file.ts'
import { DEMO_FILE, demoText, spoil } from './realm-file/spoil.ts'

type Case = [what: string, path: string, value: unknown, where: string, message: RegExp]

const person = { username: 'eve', enabled: true, realmRoles: ['default-roles-demo'] }
const mapper = { name: 'm', protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper', config: {} }

const settings: Case[] = [
  ['no name', 'realm', undefined, 'realm', /is missing; expected string/],
  ['the name of the server realm', 'realm', 'master', 'realm', /must not be "master"/],
  ['a name that is no path segment', 'realm', 'de/mo', 'realm', /use only letters/],
  ['a realm nobody switched on', 'enabled', undefined, 'enabled', /must be true/],
  ['a misspelt member', 'acessTokenLifespan', 300, '(the whole file)', /did you mean "accessTokenLifespan"\?/],
  ['text for a number', 'accessTokenLifespan', '300', 'accessTokenLifespan', /number/],
  ['a negative lifespan', 'accessTokenLifespan', -5, 'accessTokenLifespan', /must not be negative/],
  ['a token without life', 'accessTokenLifespan', 0, 'accessTokenLifespan', /at least one second/],
  ['tokens that outlive the session', 'accessTokenLifespan', 9_000, 'accessTokenLifespan', /outlive/],
  [
    'an idle time beyond the end',
    'ssoSessionIdleTimeout',
    40_000,
    'ssoSessionIdleTimeout',
    /longer than ssoSessionMaxL/,
  ],
  ['an unknown SSL rule', 'sslRequired', 'sometimes', 'sslRequired', /must be "none", "external" or "all"/],
  ['an unknown signature', 'defaultSignatureAlgorithm', 'HS256', 'defaultSignatureAlgorithm', /must be one of RS256/],
  ['an unknown event', 'enabledEventTypes', ['LOGIN', 'LOGIM_ERROR'], 'enabledEventTypes[1]', /no event type/],
  ['an unknown listener', 'eventsListeners', ['jbos-logging'], 'eventsListeners[0]', /did you mean "jboss-logging"\?/],
  ['a number as an attribute', 'attributes', { x: 1 }, 'attributes.x', /must be text in quotes/],
  ['mail without a sender', 'smtpServer', { host: 'mail' }, 'smtpServer', /needs "from"/],
  ['a masked mail password', 'smtpServer', { from: 'a@b', password: '****' }, 'smtpServer.password', /masked secret/],
  ['an unknown password rule', 'passwordPolicy', 'lenght(8)', 'passwordPolicy', /did you mean "length"\?/],
  ['a password rule without its number', 'passwordPolicy', 'length(many)', 'passwordPolicy', /needs a number/],
  ['an unknown password hash', 'passwordPolicy', 'hashAlgorithm(md5)', 'passwordPolicy', /no hash algorithm "md5"/],
  ['a password rule in another notation', 'passwordPolicy', 'length: 8', 'passwordPolicy', /cannot read "length: 8"/],
]

const users: Case[] = [
  ['no user name', 'users/alice/username', undefined, 'users[0].username', /is missing/],
  ['capitals in the name', 'users/alice/username', 'Alice', 'users[0].username', /write "alice"/],
  ['the same name twice', 'users/bob/username', 'alice', 'users[1].username', /there twice/],
  ['nobody said the user is on', 'users/alice/enabled', undefined, 'users[0].enabled', /switched off/],
  ['no e-mail address', 'users/alice/email', 'at home', 'users[0].email', /is not an e-mail address/],
  ['an e-mail address twice', 'users/bob/email', 'Alice@example.com', 'users[1].email', /another user/],
  ['an unknown role', 'users/alice/realmRoles/1', 'custommer', 'users[0].realmRoles[1]', /did you mean "customer"\?/],
  ['no default roles', 'users/alice/realmRoles', ['customer'], 'users[0].realmRoles', /lacks "default-roles-demo"/],
  [
    'roles of an unknown client',
    'users/alice/clientRoles',
    { ordersapi: [] },
    'users[0].clientRoles.ordersapi',
    /no client/,
  ],
  [
    'an unknown role of a client',
    'users/alice/clientRoles',
    { 'orders-api': ['orders.reed'] },
    'users[0].clientRoles["orders-api"][0]',
    /did you mean "orders.read"\?/,
  ],
  ['an unknown group', 'users/alice/groups', ['customers'], 'users[0].groups[0]', /did you mean "\/customers"\?/],
  ['attributes no profile knows', 'users/alice/attributes', { shoe: ['42'] }, 'users[0].attributes', /dropped/],
  ['a masked password', 'users/alice/credentials/0/value', '**********', 'users[0].credentials[0].value', /masked/],
  ['a short password', 'users/alice/credentials/0/value', 'short', 'users[0].credentials[0].value', /at least 10 char/],
  [
    'the e-mail address as password',
    'users/alice/credentials/0/value',
    'alice@example.com',
    'users[0].credentials[0].value',
    /must not be the e-mail address/,
  ],
  [
    'the account of a client without one',
    'users/service-account-orders-service/serviceAccountClientId',
    'orders-api',
    'users[4].serviceAccountClientId',
    /has no service account/,
  ],
  [
    'a service account under another name',
    'users/service-account-orders-service/username',
    'orders-robot',
    'users[4].username',
    /write "service-account-orders-service"/,
  ],
]

const clients: Case[] = [
  ['the same client twice', 'clients/orders-api/clientId', 'cloakroom', 'clients[3].clientId', /there twice/],
  ['a masked secret', 'clients/cloakroom/secret', '**********', 'clients[0].secret', /masked secret from an export/],
  ['no secret', 'clients/cloakroom/secret', undefined, 'clients[0].secret', /make one up that nobody knows/],
  [
    'a wildcard',
    'clients/cloakroom/redirectUris',
    ['http://localhost:3000/*'],
    'clients[0].redirectUris[0]',
    /wildcard/,
  ],
  ['any address', 'clients/cloakroom/redirectUris', ['*'], 'clients[0].redirectUris[0]', /wildcard/],
  ['no address', 'clients/cloakroom/redirectUris', [], 'clients[0].redirectUris', /nobody can sign in/],
  [
    'script as address',
    'clients/cloakroom/redirectUris',
    ['javascript:alert(1)'],
    'clients[0].redirectUris[0]',
    /absolute http/,
  ],
  [
    'a relative address',
    'clients/cloakroom/redirectUris',
    ['/callback'],
    'clients[0].redirectUris[0]',
    /absolute http/,
  ],
  ['a fragment', 'clients/cloakroom/redirectUris', ['http://h/cb#x'], 'clients[0].redirectUris[0]', /no fragment/],
  [
    'a name in the address',
    'clients/cloakroom/redirectUris',
    ['http://a@h/cb'],
    'clients[0].redirectUris[0]',
    /no user name/,
  ],
  ['every origin', 'clients/cloakroom/webOrigins', ['*'], 'clients[0].webOrigins[0]', /any website/],
  [
    'front-channel logout',
    'clients/cloakroom/frontchannelLogout',
    true,
    'clients[0].frontchannelLogout',
    /must be false/,
  ],
  ['the implicit flow', 'clients/cloakroom/implicitFlowEnabled', true, 'clients[0].implicitFlowEnabled', /RFC 9700/],
  [
    'the password grant',
    'clients/admin-cli/directAccessGrantsEnabled',
    true,
    'clients[7].directAccessGrantsEnabled',
    /RFC 9700/,
  ],
  [
    'plain PKCE',
    'clients/cloakroom/attributes/pkce.code.challenge.method',
    'plain',
    'clients[0].attributes["pkce.code.challenge.method"]',
    /must be "S256"/,
  ],
  [
    'a wildcard after logout',
    'clients/cloakroom/attributes/post.logout.redirect.uris',
    'http://localhost:3000/##http://localhost:3000/*',
    'clients[0].attributes["post.logout.redirect.uris"]',
    /wildcard/,
  ],
  [
    'no address for back-channel logout',
    'clients/cloakroom/attributes/backchannel.logout.url',
    'not a url',
    'clients[0].attributes["backchannel.logout.url"]',
    /absolute http/,
  ],
  [
    'an unknown scope',
    'clients/cloakroom/optionalClientScopes',
    ['phonne'],
    'clients[0].optionalClientScopes[0]',
    /"phone"/,
  ],
  [
    'scopes without the subject',
    'clients/cloakroom/defaultClientScopes',
    ['email'],
    'clients[0].defaultClientScopes',
    /basic/,
  ],
  [
    'an unknown mapper',
    'clients/cloakroom/protocolMappers/groups/protocolMapper',
    'oidc-groups-mapper',
    'clients[0].protocolMappers[1].protocolMapper',
    /no mapper type/,
  ],
  [
    'an unknown audience',
    'clients/cloakroom/protocolMappers',
    [{ ...mapper, config: { 'included.client.audience': 'order-api' } }],
    'clients[0].protocolMappers[0].config["included.client.audience"]',
    /did you mean "orders-api"\?/,
  ],
  [
    'the same mapper twice',
    'clients/cloakroom/protocolMappers',
    [mapper, mapper],
    'clients[0].protocolMappers[1].name',
    /twice/,
  ],
  [
    'a public service account',
    'clients/orders-service/publicClient',
    true,
    'clients[2].serviceAccountsEnabled',
    /secret/,
  ],
]

const rest: Case[] = [
  ['a role twice', 'roles/realm/1/name', 'admin', 'roles.realm[1].name', /there twice/],
  [
    'a composite of an unknown role',
    'roles/realm/0/composites',
    { realm: ['boss'] },
    'roles.realm[0].composites.realm[0]',
    /boss/,
  ],
  ['roles of an unknown client', 'roles/client/shop', [{ name: 'x' }], 'roles.client.shop', /no client "shop"/],
  ['a slash in a group', 'groups/staff/name', 'staff/all', 'groups[1].name', /must not contain "\/"/],
  ['a group twice', 'groups/staff/name', 'customers', 'groups[1].name', /there twice/],
  [
    'an unknown role of a group',
    'groups/staff/realmRoles',
    ['boss'],
    'groups[1].realmRoles[0]',
    /no realm role "boss"/,
  ],
  ['only own scopes', 'clientScopes', [], 'clientScopes', /missing: basic, acr, roles/],
  ['no default scopes', 'defaultDefaultClientScopes', undefined, 'defaultDefaultClientScopes', /no scopes at all/],
  [
    'an unknown default scope',
    'defaultOptionalClientScopes',
    ['fax'],
    'defaultOptionalClientScopes[0]',
    /no client scope/,
  ],
  [
    'a mapping of an unknown scope',
    'clientScopeMappings/orders-api/0/clientScope',
    'orders.see',
    'clientScopeMappings["orders-api"][0].clientScope',
    /no client scope "orders.see"/,
  ],
  ['a mapping of an unknown client', 'clientScopeMappings/shop', [], 'clientScopeMappings.shop', /no client "shop"/],
]

describe('A realm file', () => {
  it('of the demo is fine, with every placeholder at its default', async () => {
    const realm = await loadRealmFile(DEMO_FILE, {})
    expect(realm.clients?.[0]?.redirectUris).to.eql(['http://localhost:3000/callback'])
    expect(JSON.stringify(realm)).not.to.match(/\$\{(?!authBaseUrl|authAdminUrl|client_id)/)
  })

  it('takes secrets and addresses from the environment', () => {
    const env = { CLOAKROOM_PUBLIC_URL: 'https://app.example.com', CLOAKROOM_CLIENT_SECRET: 'of my own' }
    const [gateway] = readRealm(demoText, env, DEMO_FILE).clients ?? []
    expect(gateway?.secret).to.equal('of my own')
    expect(gateway?.redirectUris).to.eql(['https://app.example.com/callback'])
    expect(gateway?.attributes?.['post.logout.redirect.uris']).to.equal('https://app.example.com/')
  })

  for (const [part, cases] of Object.entries({ settings, users, clients, 'roles, groups and scopes': rest })) {
    describe(`is refused for its ${part}:`, () => {
      for (const [what, path, value, where, message] of cases) {
        it(what, () => {
          const found = problemsOf(spoil(path, value)).find((problem) => problem.path === where)
          expect(found?.message, `no problem at ${where}`).to.match(message)
        })
      }
    })
  }

  it('is refused when it declares scopes but not the clients of Keycloak that need them', () => {
    const realm = JSON.parse(demoText)
    realm.clients = realm.clients.filter(({ clientId }: { clientId: string }) => clientId !== 'account-console')
    const problems = problemsOf(JSON.stringify(realm))
    expect(problems.map(({ path }) => path)).to.include('clients')
    expect(problems.find(({ path }) => path === 'clients')?.message).to.contain('account-console')
  })

  it('may leave the scopes to Keycloak', () => {
    const { clientScopes, defaultDefaultClientScopes, defaultOptionalClientScopes, ...realm } = JSON.parse(demoText)
    const plain = { ...realm, clientScopeMappings: {}, clients: [], users: [person], roles: {} }
    expect(problemsOf(JSON.stringify(plain))).to.eql([])
  })

  it('tells everything that is wrong at once, a misspelt member beside a missing role', () => {
    const realm = JSON.parse(spoil('users/alice/realmRoles', ['default-roles-demo', 'ghost']))
    realm.clients[0].redirectUri = 'http://localhost:3000/callback'
    realm.clients[1].secret = `\${NOT_SET_ANYWHERE}`
    const paths = problemsOf(JSON.stringify(realm)).map(({ path }) => path)
    expect(paths).to.have.members(['clients[0]', 'clients[1].secret', 'users[0].realmRoles[1]'])
  })

  it('names the file, the number of problems and each place in its message', () => {
    const broken = spoil('users/alice/enabled', undefined)
    expect(() => readRealm(broken, {}, 'my-realm.json')).to.throw(
      /^The realm file my-realm.json has a problem:\n {2}users\[0\]\.enabled: /,
    )
  })

  for (const [what, file, message] of [
    ['an empty file', '', /is not valid JSON/],
    ['half a file', demoText.slice(0, 500), /is not valid JSON/],
    ['a comment', '{ /* no */ "realm": "x" }', /is not valid JSON/],
    ['a list', '[]', /must be object/],
    ['null', 'null', /must be object/],
  ] as const) {
    it(`is refused when it is ${what}`, () => {
      expect(problemsOf(file)[0]?.message).to.match(message)
    })
  }

  it('is refused when a member is there twice, for only the last one would count', () => {
    const twice = demoText.replace('"enabled": true,', '"enabled": true,\n  "sslRequired": "all",')
    const [problem] = problemsOf(twice)
    expect(problem?.path).to.match(/^line \d+$/)
    expect(problem?.message).to.contain('"sslRequired" is there twice')
  })

  describe('on disk', () => {
    const folder = mkdtempSync(join(tmpdir(), 'realm-file-'))
    after(() => rmSync(folder, { recursive: true }))

    it('that is missing is named', async () => {
      const refused = await loadRealmFile(join(folder, 'nowhere.json'), {}).catch((error: unknown) => error)
      expect(refused).to.be.instanceOf(RealmFileError)
      expect(String(refused)).to.match(/nowhere\.json.*\n.*there is no such file/)
    })

    it('that is a folder is named', async () => {
      const refused = await loadRealmFile(folder, {}).catch((error: unknown) => error)
      expect(String(refused)).to.match(/cannot be read \(EISDIR\)/)
    })

    it('is read with the given environment only', async () => {
      const path = join(folder, 'realm.json')
      writeFileSync(path, spoil('clients/cloakroom/secret', `\${SECRET_OF_THIS_TEST}`))
      expect((await loadRealmFile(path, { SECRET_OF_THIS_TEST: 'x' })).clients?.[0]?.secret).to.equal('x')
      expect(String(await loadRealmFile(path, {}).catch(String))).to.contain('SECRET_OF_THIS_TEST is not set')
    })
  })
})

function problemsOf(file: string): readonly Problem[] {
  try {
    readRealm(file, {}, 'broken.json')
    return []
  } catch (error) {
    if (error instanceof RealmFileError) return error.problems
    throw error
  }
}
