import { expect } from 'chai'
import { type Scene, setScene } from '../support/scene.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'

const START = Date.UTC(2031, 4, 6, 7, 8, 9)
const ENVELOPE = ['data', 'message', 'metadata', 'success']

describe('what a page may ask about its session', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await setScene()
  })
  afterEach(() => scene.stop())

  describe('/session', () => {
    it('tells how long the session lives, in ISO 8601 and UTC, and no more', async () => {
      const browser = await scene.signedIn()
      const now = scene.clock.now()
      const page = await browser.fetch(`${scene.url}/session`)
      expect(page.status).to.equal(200)
      expect(page.header('cache-control')).to.equal('no-store')
      expect(Object.keys(page.json()).sort()).to.deep.equal(ENVELOPE)
      expect(page.json().data).to.deep.equal({
        active: true,
        idleExpiresAt: new Date(now + 1_800_000).toISOString(),
        absoluteExpiresAt: new Date(now + 28_800_000).toISOString(),
        stepUp: { acr: '1', authenticatedAt: new Date(Math.floor(now / 1000) * 1000).toISOString() },
      })
    })

    it('does not slide the session, though a call does', async () => {
      const browser = await scene.signedIn()
      const idle = async () => Date.parse((await browser.fetch(`${scene.url}/session`)).json().data.idleExpiresAt)
      const first = await idle()
      for (let i = 0; i < 5; i++) {
        scene.clock.advance('5m')
        expect(await idle()).to.equal(first)
      }
      await scene.call(browser)
      expect(await idle()).to.equal(scene.clock.now() + 1_800_000)
      scene.clock.advance('30m')
      expect((await browser.fetch(`${scene.url}/session`)).status).to.equal(401)
    })

    it('does not renew tokens', async () => {
      const browser = await scene.signedIn()
      scene.clock.advance('299s')
      expect((await browser.fetch(`${scene.url}/session`)).status).to.equal(200)
      expect(scene.provider.calls('token', { grant_type: 'refresh_token' })).to.deep.equal([])
    })

    it('is 401 without a session, never a redirect, with the address of the login', async () => {
      for (const page of [
        await scene.newBrowser().fetch(`${scene.url}/session`),
        await scene.newBrowser().open(`${scene.url}/session`),
      ]) {
        expect(page.status).to.equal(401)
        expect(page.visits).to.have.length(1)
        expect(page.header('set-cookie')).to.equal(undefined)
      }
      const { error } = (await scene.newBrowser().fetch(`${scene.url}/session`)).json()
      expect(error).to.deep.include({ code: 'AUTHENTICATION_REQUIRED', details: { loginUrl: `${scene.url}/login` } })
    })

    it('is not for bearer tokens, and a bearer token hides the cookie', async () => {
      const headers = { authorization: `Bearer ${scene.provider.accessToken()}` }
      const browser = await scene.signedIn()
      expect((await browser.fetch(`${scene.url}/session`, { headers })).status).to.equal(401)
    })

    it('is not for pages of other sites', async () => {
      const browser = await scene.signedIn()
      const page = await browser.fetch(`${scene.url}/session`, { from: 'http://127.0.0.1:1/' })
      expect(page.status).to.equal(403)
      expect(page.json().error.code).to.equal('CSRF_REJECTED')
    })

    it('says nothing of a step-up that the provider did not report', async () => {
      scene.provider.script.idToken.claims = { acr: undefined, auth_time: undefined }
      scene.provider.script.accessToken.claims = { acr: undefined, auth_time: undefined }
      const browser = await scene.signedIn()
      const { stepUp } = (await browser.fetch(`${scene.url}/session`)).json().data
      expect(stepUp).to.deep.equal({ acr: null, authenticatedAt: null })
    })
  })

  describe('/me', () => {
    it('tells who a bearer token speaks for', async () => {
      const page = await scene.bearer(scene.provider.accessToken(), '/me')
      expect(page.status).to.equal(200)
      expect(Object.keys(page.json()).sort()).to.deep.equal(ENVELOPE)
      expect(page.json().data.user).to.include({ id: the.alice().sub, authMethod: 'bearer', tenant: null })
    })

    it('tells no token, no session id and nothing else of the provider', async () => {
      const page = await (await scene.signedIn()).fetch(`${scene.url}/me`)
      expect(Object.keys(page.json().data)).to.deep.equal(['user'])
      expect(Object.keys(page.json().data.user)).to.deep.equal([
        'id',
        'username',
        'email',
        'name',
        'roles',
        'groups',
        'scopes',
        'tenant',
        'authMethod',
      ])
      expect(page.body).not.to.match(/eyJ|canary|sso-of/)
    })

    it('sends a navigation to the login, and nobody else', async () => {
      const page = await scene.newBrowser().open(`${scene.url}/me`)
      expect(page.json().data.user.username).to.equal('alice')
      expect((await scene.newBrowser().fetch(`${scene.url}/me`)).status).to.equal(401)
    })

    it('shows what is missing as null, and claims of the wrong kind as missing', async () => {
      const odd = {
        preferred_username: 5,
        email: ['a@b.example'],
        name: undefined,
        realm_access: { roles: 'admin' },
        resource_access: { 'orders-api': { roles: { admin: true } }, 'a:b': { roles: ['x'] } },
        groups: '/staff',
        scope: 7,
      }
      scene.provider.script.idToken.claims = odd
      scene.provider.script.accessToken.claims = odd
      scene.provider.script.tokenAnswer = (answer) => ({ ...answer, scope: undefined })
      const { user } = (await (await scene.signedIn()).fetch(`${scene.url}/me`)).json().data
      expect(user).to.include({ username: null, email: null, name: null })
      expect(user).to.deep.include({ roles: [], groups: [], scopes: [] })
    })
  })

  describe('limits', () => {
    it('idle: half an hour without a call ends the session, a call every 29 minutes keeps it', async () => {
      const browser = await scene.signedIn()
      for (let i = 0; i < 5; i++) {
        scene.clock.advance('29m')
        expect((await scene.call(browser)).status).to.equal(200)
      }
      scene.clock.advance('30m')
      expect((await scene.call(browser)).status).to.equal(401)
    })

    it('absolute: eight hours after login it ends however busy it is', async () => {
      const browser = await scene.signedIn()
      for (let minutes = 0; minutes < 475; minutes += 25) {
        expect((await scene.call(browser)).status).to.equal(200)
        scene.clock.advance('25m')
      }
      expect((await scene.call(browser)).status).to.equal(200)
      scene.clock.advance('5m')
      expect((await scene.call(browser)).status).to.equal(401)
      expect((await browser.fetch(`${scene.url}/session`)).status).to.equal(401)
    })
  })
})

describe('short limits', () => {
  it('hold and slide to the second, however long identities are remembered', async () => {
    const env = { SESSION_IDLE_TIMEOUT: '4', SESSION_ABSOLUTE_TIMEOUT: '20', IDENTITY_CACHE_TTL: '60' }
    const scene = await setScene({ env, clock: testClock(START) })
    const browser = await scene.signedIn()
    for (let second = 1; second < 20; second++) {
      scene.clock.advance('1s')
      expect((await scene.call(browser)).status, `after ${second} s`).to.equal(200)
    }
    scene.clock.advance('1s')
    expect((await scene.call(browser)).status).to.equal(401)

    await scene.signedIn(browser)
    scene.clock.advance('3s')
    expect((await scene.call(browser)).status).to.equal(200)
    scene.clock.advance('4s')
    expect((await scene.call(browser)).status).to.equal(401)
    await scene.stop()
  })
})
