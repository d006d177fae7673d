import { expect } from 'chai'
import { newSigningKey } from '../support/jwt-forge.ts'
import { type Scene, type SceneOptions, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

describe('with the provider', () => {
  let scene: Scene | undefined
  afterEach(async () => {
    await scene?.stop()
    scene = undefined
  })
  const given = async (options: SceneOptions): Promise<Scene> => {
    scene = await setScene(options)
    return scene
  }
  /** Signs in, refreshes, signs out: everything that needs the client to prove itself. */
  async function useEverything(scene: Scene) {
    const browser = await scene.signedIn()
    scene.clock.advance('290s')
    expect((await scene.call(browser)).status).to.equal(200)
    await browser.fetch(`${scene.url}/logout`, { method: 'POST', headers: { 'x-csrf': '1' } })
    const calls = [...scene.provider.calls('token'), ...scene.provider.calls('revoke')]
    expect(calls.map(({ endpoint }) => endpoint)).to.deep.equal(['token', 'token', 'revoke'])
    return calls
  }

  describe('the gateway proves itself', () => {
    it('by client_secret_basic, encoded as forms are', async () => {
      const calls = await useEverything(await given({}))
      for (const { headers, form } of calls) {
        const [scheme, credentials = ''] = String(headers.authorization).split(' ')
        const [id, secret] = Buffer.from(credentials, 'base64').toString().split(':').map(decodeURIComponent)
        expect({ scheme, id, secret }).to.deep.equal({ scheme: 'Basic', id: the.clientId, secret: the.clientSecret })
        expect(form.has('client_secret')).to.equal(false)
      }
    })

    it('by client_secret_post', async () => {
      const calls = await useEverything(await given({ env: { OIDC_CLIENT_AUTH: 'client_secret_post' } }))
      for (const { headers, form } of calls) {
        expect(headers.authorization).to.equal(undefined)
        expect(form.get('client_secret')).to.equal(the.clientSecret)
      }
    })

    for (const alg of ['RS256', 'ES256', 'ES384', 'EdDSA']) {
      it(`by private_key_jwt with ${alg}, from PEM and from JWK`, async () => {
        const key = await newSigningKey(alg, 'client-key')
        const pem = String(key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
        const jwk = JSON.stringify({ ...key.privateKey.export({ format: 'jwk' }), kid: 'client-key' })
        for (const text of [pem, jwk]) {
          const env = {
            OIDC_CLIENT_AUTH: 'private_key_jwt',
            OIDC_CLIENT_KEY_FILE: 'client.key',
            KEYCLOAK_CLIENT_SECRET: '',
          }
          const provider = { clientKey: { ...key.publicJwk, alg } }
          const here = await given({ provider, env, files: { 'client.key': text } })
          const assertions = (await useEverything(here)).map(({ form }) => form.get('client_assertion'))
          expect(new Set(assertions).size).to.equal(3)
          await here.stop()
        }
        scene = undefined
      })
    }

    it('and a wrong secret is the operator’s fault: 502, no session, and the log says so', async () => {
      const here = await given({ env: { KEYCLOAK_CLIENT_SECRET: 'a-wrong-secret-a-wrong-secret' } })
      const page = await here.newBrowser().open(`${here.url}/login`)
      expect(page.status).to.equal(502)
      expect(page.body).to.include('KEYCLOAK_REFUSED')
      const line = here.gateway.logged().find(({ errorCode }) => errorCode === 'KEYCLOAK_REFUSED')
      expect(line).to.include({ level: 'error' })
      expect(here.gateway.logText()).not.to.include('a-wrong-secret')
    })
  })

  describe('the authorization request is pushed', () => {
    for (const par of ['required', 'auto']) {
      it(`with OIDC_PAR=${par}: the browser carries nothing but a reference`, async () => {
        const here = await given({ env: { OIDC_PAR: par } })
        if (par === 'auto')
          here.provider.script.discovery = (document) => ({ ...document, require_pushed_authorization_requests: true })
        await here.signedIn()
        const [pushed] = here.provider.calls('par')
        expect(pushed?.headers.authorization).to.match(/^Basic /)
        expect(pushed?.form.get('code_challenge_method')).to.equal('S256')
        expect(pushed?.form.get('redirect_uri')).to.equal(`${here.url}/callback`)
        const [authorize] = here.provider.calls('authorize')
        expect([...(authorize?.query.keys() ?? [])].sort()).to.deep.equal(['client_id', 'request_uri'])
      })
    }

    it('but not with auto while the provider does not ask for it, nor with off', async () => {
      for (const par of ['auto', 'off']) {
        const here = await given({ env: { OIDC_PAR: par } })
        await here.signedIn()
        expect(here.provider.calls('par')).to.deep.equal([])
        await here.stop()
      }
      scene = undefined
    })

    for (const [what, reply, status, code] of [
      ['a refusal', { status: 400, body: { error: 'invalid_request' } }, 502, 'KEYCLOAK_REFUSED'],
      ['401', { status: 401, body: { error: 'invalid_client' } }, 502, 'KEYCLOAK_REFUSED'],
      ['HTML', { body: '<h1>canary</h1>' }, 502, 'LOGIN_ANSWER_INVALID'],
      ['no request_uri', { status: 201, body: { expires_in: 60 } }, 502, 'LOGIN_ANSWER_INVALID'],
      ['500', { status: 500 }, 503, 'KEYCLOAK_UNAVAILABLE'],
      ['a hang-up', 'hang-up', 503, 'KEYCLOAK_UNAVAILABLE'],
    ] as const) {
      it(`and ${what} there is ${status}`, async () => {
        const here = await given({ env: { OIDC_PAR: 'required' } })
        here.provider.reply('par', reply)
        const browser = here.newBrowser()
        const page = await browser.open(`${here.url}/login`)
        expect(page.status).to.equal(status)
        expect(page.body).to.include(code)
        expect(browser.jar.of(here.url)).to.deep.equal([])
        expect(here.provider.calls('authorize')).to.deep.equal([])
      })
    }
  })

  describe('the issuer', () => {
    it('may end in a slash and is compared letter by letter', async () => {
      const here = await given({ provider: { path: '/' } })
      expect(here.provider.issuer).to.match(/\d\/$/)
      await here.signedIn()
      expect((await here.bearer(here.provider.accessToken())).status).to.equal(200)
    })

    for (const [what, change] of [
      ['without its slash', (issuer: string) => issuer.replace(/\/$/, '')],
      ['with another path', (issuer: string) => `${issuer}other`],
      ['in capitals', (issuer: string) => issuer.toUpperCase()],
      ['with another host name', (issuer: string) => issuer.replace('127.0.0.1', 'localhost')],
      ['missing', () => undefined],
    ] as const) {
      it(`${what} in the discovery document is 502, and nobody is sent there`, async () => {
        const here = await given({ provider: { path: '/' } })
        here.provider.script.discovery = (document) => ({ ...document, issuer: change(here.provider.issuer) })
        const page = await here.newBrowser().open(`${here.url}/login`)
        expect(page.status).to.equal(502)
        expect(page.body).to.include('LOGIN_ANSWER_INVALID')
        expect(here.provider.calls('authorize')).to.deep.equal([])
      })
    }

    it('need not send iss with its answer when it never promised it', async () => {
      const here = await given({})
      here.provider.script.advertiseIss = false
      const page = await here.newBrowser().open(`${here.url}/login?returnTo=/me`)
      expect(page.status).to.equal(200)
    })
  })
})
