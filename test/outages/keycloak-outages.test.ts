import { expect } from 'chai'
import type { Browser } from '../support/browser.ts'
import { startGateway } from '../support/gateway.ts'
import type { Endpoint } from '../support/provider-script.ts'
import { type Scene, setScene } from '../support/scene.ts'

const EVERYWHERE: Endpoint[] = ['discovery', 'jwks', 'token', 'userinfo', 'revoke', 'end-session', 'par']

interface Ailment {
  fallIll(scene: Scene): Promise<void> | void
  getWell(scene: Scene): Promise<void> | void
}

const answering = (reply: Parameters<Scene['provider']['reply']>[1]): Ailment => ({
  fallIll({ provider }) {
    for (const endpoint of EVERYWHERE) provider.reply(endpoint, reply)
  },
  getWell: ({ provider }) => provider.reset(),
})

const AILMENTS: Record<string, Ailment> = {
  'cannot be reached': {
    fallIll: ({ provider }) => provider.goAway(),
    getWell: ({ provider }) => provider.comeBack(),
  },
  hangs: {
    fallIll({ provider }) {
      for (const endpoint of EVERYWHERE) provider.hold(endpoint)
    },
    getWell({ provider }) {
      provider.reset()
      // What it was asked it does now, and nobody hears the answer: the realm forgives one such token (`refreshTokenMaxReuse`).
      provider.script.refresh.reuse = 1
    },
  },
  'hangs up': answering('hang-up'),
  'answers 500': answering({ status: 500, body: { error: 'server_error' } }),
  'answers 503 in HTML, as a proxy in front of it does': answering({ status: 503, body: '<h1>canary</h1>' }),
  'answers 200 in HTML': answering({ status: 200, body: '<html><h1>canary: starting up</h1></html>' }),
}

const CSRF = { 'x-csrf': '1' }

for (const [what, { fallIll, getWell }] of Object.entries(AILMENTS)) {
  describe(`When Keycloak ${what}`, function () {
    this.timeout(40_000)
    let scene: Scene
    beforeEach(async () => {
      scene = await setScene()
    })
    afterEach(() => scene.stop())

    const cookieOf = (browser: Browser) => browser.jar.of(scene.url).find(({ name }) => name === 'cloakroom')?.value
    /** Well again, and the breakers have had their rest. */
    async function recover(): Promise<void> {
      await getWell(scene)
      scene.clock.advance('31s')
    }

    it('at the start: the gateway starts, says so, and signs people in when it is back', async () => {
      await fallIll(scene)
      const late = await startGateway({ env: scene.provider.env, clock: scene.clock })
      const browser = scene.newBrowser()
      const [health, ready, me, login] = await Promise.all([
        browser.fetch(`${late.url}/health`),
        browser.fetch(`${late.url}/ready`),
        browser.fetch(`${late.url}/me`),
        scene.newBrowser().open(`${late.url}/login`),
      ])
      expect([health.status, ready.status, me.status]).to.deep.equal([200, 200, 401])
      expect(ready.body)
        .to.include('"down"')
        .and.not.to.match(/127\.0\.0\.1|canary/)
      expect(login.status).to.be.oneOf([502, 503])
      expect(login.body).to.include('Try again').and.not.to.include('canary')
      await recover()
      expect((await scene.newBrowser().open(`${late.url}/login?returnTo=/me`)).status).to.equal(200)
      await late.stop()
    })

    it('between leaving for it and coming back: no session, a page that offers to try again', async () => {
      const other = await scene.signedIn()
      const browser = scene.newBrowser()
      const tab = await browser.open(`${scene.url}/login`, { until: (url) => url.includes('/callback') })
      await fallIll(scene)
      const page = await browser.goOn(tab)
      expect(page.status).to.be.oneOf([502, 503])
      expect(page.body).to.include('Try again').and.not.to.include('canary')
      expect(cookieOf(browser)).to.equal(undefined)
      expect((await scene.call(other)).status).to.equal(200)
      await recover()
      await scene.signedIn(browser)
    })

    it('at a refresh: the session goes on while its token lives, then 503, and lives on afterwards', async () => {
      const browser = await scene.signedIn()
      const cookie = cookieOf(browser)
      await fallIll(scene)
      scene.clock.advance('280s')
      expect((await scene.call(browser)).status).to.equal(200)
      scene.clock.advance('40s')
      const refused = await scene.call(browser)
      expect(refused.status).to.equal(503)
      expect(refused.json().error.code).to.equal('REFRESH_FAILED')
      expect(refused.header('retry-after')).to.match(/^\d+$/)
      expect(refused.header('set-cookie')).to.equal(undefined)
      await recover()
      const again = await scene.call(browser)
      expect(again.status).to.equal(200)
      expect(cookieOf(browser)).to.equal(cookie)
    })

    it('at a logout: the session is over here all the same', async () => {
      const browser = await scene.signedIn()
      const cookie = cookieOf(browser)
      await fallIll(scene)
      const page = await browser.fetch(`${scene.url}/logout`, { method: 'POST', headers: CSRF })
      expect(page.status).to.equal(200)
      const thief = scene.newBrowser()
      const site = { sameSite: true, topLevelNavigation: true, method: 'GET' }
      thief.jar.store(scene.url, `cloakroom=${cookie}; Path=/`, site)
      expect((await scene.call(thief)).status).to.equal(401)
      expect(scene.gateway.logText()).not.to.match(/nobody (caught|noticed)|canary-/)
    })
  })
}
