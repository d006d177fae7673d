import { expect } from 'chai'
import type { Reply } from '../support/provider-script.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

describe('OIDC_USERINFO=login', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene({ env: { OIDC_USERINFO: 'login' } })
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  const user = async (browser = scene.newBrowser()) => (await browser.fetch(`${scene.url}/me`)).json().data.user

  it('asks once at each login, with the token in the header', async () => {
    await scene.signedIn()
    const calls = scene.provider.calls('userinfo')
    expect(calls).to.have.length(1)
    expect(calls[0]?.headers.authorization).to.match(/^Bearer eyJ/)
    expect(calls[0]?.query.toString()).to.equal('')
  })

  it('merges its claims; those of the ID token count for more', async () => {
    scene.provider.script.idToken.claims = { email: undefined, name: 'Name of the ID token' }
    scene.provider.script.accessToken.claims = { email: undefined, name: undefined }
    scene.provider.script.userinfo = (claims) => ({ ...claims, email: 'new@example.com', name: 'Name of userinfo' })
    expect(await user(await scene.signedIn())).to.include({ email: 'new@example.com', name: 'Name of the ID token' })
  })

  const failures: [
    what: string,
    claims: (claims: Record<string, unknown>) => unknown,
    reply: Reply | undefined,
    status: number,
  ][] = [
    ['another sub', (claims) => ({ ...claims, sub: the.bob().sub }), undefined, 502],
    ['no sub', ({ sub: _, ...claims }) => claims, undefined, 502],
    ['a sub that is a number', (claims) => ({ ...claims, sub: 5 }), undefined, 502],
    ['a list', (claims) => [claims], undefined, 502],
    ['HTML', (claims) => claims, { body: '<h1>canary</h1>' }, 502],
    ['401', (claims) => claims, { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }, 502],
    ['403 with nothing', (claims) => claims, { status: 403 }, 502],
    ['500', (claims) => claims, { status: 500 }, 503],
    ['a hang-up', (claims) => claims, 'hang-up', 503],
  ]
  for (const [what, claims, reply, status] of failures) {
    it(`with ${what} nobody is signed in: ${status}`, async () => {
      scene.provider.script.userinfo = claims
      if (reply !== undefined) scene.provider.reply('userinfo', reply, 1)
      const browser = scene.newBrowser()
      const page = await browser.open(`${scene.url}/login`)
      expect(page.status).to.equal(status)
      expect(scene.provider.calls('userinfo')).to.have.length(1)
      expect(browser.jar.of(scene.url).map(({ name }) => name)).not.to.include('cloakroom')
      expect((await browser.fetch(`${scene.url}/me`)).status).to.equal(401)
      scene.provider.reset()
      await scene.signedIn()
    })
  }

  describe('after a refresh', () => {
    const refreshed = async (change: () => void) => {
      const browser = await scene.signedIn()
      change()
      scene.clock.advance('290s')
      const page = await scene.call(browser)
      return { browser, page }
    }

    it('asks again with the new token, and takes what changed', async () => {
      const { browser, page } = await refreshed(() => {
        scene.provider.script.idToken.claims = { email: undefined }
        scene.provider.script.accessToken.claims = { email: undefined }
        scene.provider.script.userinfo = (claims) => ({ ...claims, email: 'moved@example.com' })
      })
      expect(page.status).to.equal(200)
      const calls = scene.provider.calls('userinfo')
      expect(calls).to.have.length(2)
      expect(calls[1]?.headers.authorization).to.equal(`Bearer ${scene.relayed()}`)
      expect((await user(browser)).email).to.equal('moved@example.com')
    })

    it('asks again also when the refresh brought no ID token', async () => {
      const { browser, page } = await refreshed(() => {
        scene.provider.script.refresh.idToken = false
        scene.provider.script.accessToken.claims = { email: undefined }
        scene.provider.script.userinfo = (claims) => ({ ...claims, email: 'moved@example.com' })
      })
      expect(page.status).to.equal(200)
      expect(scene.provider.calls('userinfo')).to.have.length(2)
      expect(await user(browser)).to.include({ email: 'moved@example.com', username: 'alice', name: 'Alice Liddell' })
      const session = (await browser.fetch(`${scene.url}/session`)).json().data
      expect(session.stepUp.acr).to.equal('1')
      expect(session.stepUp.authenticatedAt).not.to.equal(null)
    })

    it('with another sub the session ends', async () => {
      for (const idToken of [true, false]) {
        const { browser, page } = await refreshed(() => {
          scene.provider.script.refresh.idToken = idToken
          scene.provider.script.userinfo = (claims) => ({ ...claims, sub: the.bob().sub })
        })
        expect(page.status).to.equal(401)
        expect((await browser.fetch(`${scene.url}/session`)).status).to.equal(401)
        scene.provider.reset()
      }
    })

    it('that fails costs nothing: the new tokens are kept, and the claims that are known', async () => {
      const browser = await scene.signedIn()
      scene.provider.reply('userinfo', { status: 500 }, 3)
      for (const refreshes of [1, 2, 3]) {
        scene.clock.advance('290s')
        expect((await scene.call(browser)).status).to.equal(200)
        expect(scene.provider.calls('token', { grant_type: 'refresh_token' })).to.have.length(refreshes)
      }
      expect(await user(browser)).to.include({ email: 'alice@wonderland.example', name: 'Alice Liddell' })
      expect(scene.gateway.logText()).to.include('no userinfo after a refresh')
    })
  })
})
