import { expect } from 'chai'
import type { Browser, Page } from '../support/browser.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { CSRF, isSignedIn, signOut } from './sign-out.ts'

describe('signing out', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  describe('cannot be forced on anyone', () => {
    const attempts: Record<string, (browser: Browser) => Promise<Page>> = {
      'a picture of another site': (browser) => browser.embed('image', 'http://127.0.0.1:1/', `${scene.url}/logout`),
      'a link of another site': (browser) => browser.link('http://127.0.0.1:1/', `${scene.url}/logout`),
      'a link of the own site': (browser) => browser.link(scene.url, `${scene.url}/logout`),
      'a typed address': (browser) => browser.open(`${scene.url}/logout`),
      'a form of another site': (browser) => browser.submit('http://127.0.0.1:1/', `${scene.url}/logout`),
      'a form of another port': (browser) => browser.submit('http://localhost:1/', `${scene.url}/logout`),
      'a fetch of another site': (browser) => signOut(scene, browser, { from: 'http://127.0.0.1:1/' }),
      'a fetch of another port': (browser) => signOut(scene, browser, { from: 'http://localhost:1/' }),
      'a fetch without the header': (browser) => signOut(scene, browser, { headers: {} }),
      'a fetch with another value': (browser) => signOut(scene, browser, { headers: { 'x-csrf': '2' } }),
      'a method override': (browser) =>
        browser.fetch(`${scene.url}/logout?_method=POST`, { headers: { ...CSRF, 'x-http-method-override': 'POST' } }),
    }
    for (const [what, attempt] of Object.entries(attempts)) {
      it(`by ${what}`, async () => {
        const browser = await scene.signedIn()
        const page = await attempt(browser)
        expect(page.status).to.be.oneOf([403, 405])
        expect(await isSignedIn(scene, browser)).to.equal(true)
        expect(scene.provider.calls('revoke')).to.deep.equal([])
      })
    }

    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      it(`by ${method}: 405 with Allow`, async () => {
        const browser = await scene.signedIn()
        const page = await browser.fetch(`${scene.url}/logout`, { method, headers: CSRF })
        expect(page.status).to.equal(405)
        expect(page.header('allow')).to.equal('POST')
        expect(await isSignedIn(scene, browser)).to.equal(true)
      })
    }

    it('and a refusal looks the same with and without a session', async () => {
      const refusals = []
      for (const browser of [await scene.signedIn(), scene.newBrowser()]) {
        const page = await signOut(scene, browser, { headers: {} })
        const { correlationId: _, timestamp: __, ...error } = page.json().error
        refusals.push({ status: page.status, error, cookie: page.header('set-cookie') })
      }
      expect(refusals[0]).to.deep.equal(refusals[1])
    })
  })
})
