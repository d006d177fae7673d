import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { loadRealmFile, RealmFileError, readRealm } from '../../keycloak/realm-file.ts'
import { problemsOf } from './realm-file/refusals.ts'
import { DEMO_FILE, demoText, spoil } from './realm-file/spoil.ts'

const person = { username: 'eve', enabled: true, realmRoles: ['default-roles-demo'] }

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
