import { expect } from 'chai'
import type { Reply } from '../support/provider-script.ts'
import { type Scene, setScene } from '../support/scene.ts'
import type { ScriptedProvider } from '../support/scripted-provider.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const BROKEN_KEY = { kty: 'RSA', kid: 'broken', use: 'sig', n: '!', e: 'AQAB' }
const STRANGE_KEYS = [
  // Of a kind that is known, on a curve that is not.
  { kty: 'EC', crv: 'P-999', kid: 'first', x: 'A', y: 'A' },
  { kty: 'AKP', kid: 'first', alg: 'ML-DSA-44', pub: 'AAAA' },
  { kty: 'oct', kid: 'first', k: 'c2VjcmV0' },
  { kty: 'unheard-of', kid: 'first' },
  { kty: 5 },
  {},
  null,
  'a string',
]

describe('a login while the provider is not itself', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await setScene()
  })
  afterEach(() => scene.stop())

  const login = () => scene.newBrowser().open(`${scene.url}/login?returnTo=/api/orders`)
  async function failsWith(status: number, code: string) {
    const browser = scene.newBrowser()
    const page = await browser.open(`${scene.url}/login?returnTo=/api/orders`)
    expect(page.status).to.equal(status)
    expect(page.body).to.include(`Error ${code} `)
    expect(page.body).to.include('Try again')
    expect(page.body).not.to.match(/http-equiv="refresh"|canary/)
    expect(page.header('retry-after') !== undefined).to.equal(status === 503)
    expect((await browser.fetch(`${scene.url}/me`)).status).to.equal(401)
  }

  it('that cannot be reached is 503 with Retry-After, and works as soon as it is back', async () => {
    await scene.provider.goAway()
    await failsWith(503, 'KEYCLOAK_UNAVAILABLE')
    await scene.provider.comeBack()
    expect((await login()).status).to.equal(200)
  })

  it('that went away during the login is 503, and a new login works as soon as it is back', async () => {
    const browser = scene.newBrowser()
    const tab = await browser.open(`${scene.url}/login`, { until: (url) => url.includes('/callback') })
    await scene.provider.goAway()
    const page = await browser.goOn(tab)
    expect(page.status).to.equal(503)
    expect(page.header('retry-after')).to.match(/^\d+$/)
    await scene.provider.comeBack()
    expect((await login()).status).to.equal(200)
  })

  it('that hangs anywhere is 503 in the end', async function () {
    this.timeout(40_000)
    const places = ['discovery', 'jwks', 'token', 'userinfo'] as const
    await Promise.all(
      places.map(async (endpoint) => {
        const here = await setScene({ env: { OIDC_USERINFO: 'login' } })
        const hold = here.provider.hold(endpoint)
        const page = await here.newBrowser().open(`${here.url}/login`)
        expect(page.status, endpoint).to.equal(503)
        expect(page.header('retry-after'), endpoint).to.match(/^\d+$/)
        hold.release()
        await here.stop()
      }),
    )
  })

  const discovery: [what: string, reply: Reply, status: number, code: string][] = [
    ['500', { status: 500 }, 503, 'KEYCLOAK_UNAVAILABLE'],
    ['503 in HTML', { status: 503, body: '<h1>canary</h1>' }, 503, 'KEYCLOAK_UNAVAILABLE'],
    ['404', { status: 404, body: { error: 'Realm does not exist' } }, 502, 'LOGIN_ANSWER_INVALID'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 502, 'LOGIN_ANSWER_INVALID'],
    ['HTML', { body: '<h1>canary</h1>' }, 502, 'LOGIN_ANSWER_INVALID'],
    ['broken JSON', { headers: JSON_TYPE, body: '{"issuer":' }, 502, 'LOGIN_ANSWER_INVALID'],
    ['a JSON list', { headers: JSON_TYPE, body: '[]' }, 502, 'LOGIN_ANSWER_INVALID'],
    ['an empty object', { body: {} }, 502, 'LOGIN_ANSWER_INVALID'],
    ['10 MB', { body: { issuer: 'x'.repeat(10_000_000) } }, 503, 'KEYCLOAK_UNAVAILABLE'],
    ['a hang-up', 'hang-up', 503, 'KEYCLOAK_UNAVAILABLE'],
  ]
  for (const [what, reply, status, code] of discovery) {
    it(`whose discovery document is ${what}: ${status}, then all is well again`, async () => {
      scene.provider.reply('discovery', reply, 1)
      await failsWith(status, code)
      expect((await login()).status).to.equal(200)
    })
  }

  for (const member of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
    for (const value of [undefined, 'not an address', 5, null, 'ftp://127.0.0.1/x', 'javascript:alert(1)']) {
      it(`whose discovery document has ${JSON.stringify(value) ?? 'no'} ${member}: no session, no crash`, async () => {
        scene.provider.script.discovery = (document) => ({ ...document, [member]: value })
        const browser = scene.newBrowser()
        const page = await browser.open(`${scene.url}/login`)
        expect(page.status).to.be.oneOf([502, 503])
        expect(page.visits.map(({ url }) => new URL(url).protocol)).not.to.include('ftp:')
        expect((await browser.fetch(`${scene.url}/me`)).status).to.equal(401)
      })
    }
  }

  it('that fails later gets no new logins, but those under way end well and tokens are renewed', async () => {
    const browser = await scene.signedIn()
    const other = scene.newBrowser()
    const tab = await other.open(`${scene.url}/login?returnTo=/me`, { until: (url) => url.includes('/callback') })
    scene.clock.advance('299s')
    scene.provider.reply('discovery', { status: 500 })
    await failsWith(503, 'KEYCLOAK_UNAVAILABLE')
    expect((await scene.call(browser)).status).to.equal(200)
    scene.clock.advance('299s')
    expect((await scene.call(browser)).status).to.equal(200)
    expect(scene.provider.calls('token', { grant_type: 'refresh_token' })).to.have.length(2)
    expect((await other.goOn(tab)).status).to.equal(200)
  })

  const keySets: [what: string, arrange: (provider: ScriptedProvider) => void][] = [
    ['is 500', (provider) => provider.reply('jwks', { status: 500 }, 1)],
    ['is 404', (provider) => provider.reply('jwks', { status: 404 }, 1)],
    ['is a redirect', (provider) => provider.reply('jwks', { status: 302, headers: { location: '/jwks2' } }, 1)],
    ['is HTML', (provider) => provider.reply('jwks', { body: '<h1>canary</h1>' }, 1)],
    ['is no JSON', (provider) => provider.reply('jwks', { headers: JSON_TYPE, body: '{"keys":[' }, 1)],
    ['is null', (provider) => provider.reply('jwks', { headers: JSON_TYPE, body: 'null' }, 1)],
    ['is empty', (provider) => provider.reply('jwks', { body: { keys: [] } }, 1)],
    ['has an object for keys', (provider) => provider.reply('jwks', { body: { keys: {} } }, 1)],
    ['has strange keys only', (provider) => provider.reply('jwks', { body: { keys: STRANGE_KEYS.slice(1) } }, 1)],
    ['hangs up', (provider) => provider.reply('jwks', 'hang-up', 1)],
  ]
  for (const [what, arrange] of keySets) {
    it(`whose key set ${what}: 503, then all is well again`, async () => {
      arrange(scene.provider)
      await failsWith(503, 'JWKS_UNAVAILABLE')
      scene.clock.advance('3s')
      expect((await login()).status).to.equal(200)
    })
  }

  it('whose key set holds keys of unknown kinds: they are passed over', async () => {
    scene.provider.script.keySet = (keys) => ({ keys: [...STRANGE_KEYS, BROKEN_KEY, ...keys] })
    expect((await login()).status).to.equal(200)
  })

  it('whose key set holds encryption keys of the same name: they are passed over', async () => {
    scene.provider.script.keySet = (keys) => ({
      keys: [...keys.map((key) => ({ ...key, use: 'enc', alg: 'RSA-OAEP' })), ...keys],
    })
    expect((await login()).status).to.equal(200)
  })
})
