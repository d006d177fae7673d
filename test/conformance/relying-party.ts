import { expect } from 'chai'
import type { Browser, Page } from '../support/browser.ts'
import { type Scene, type SceneOptions, setScene } from '../support/scene.ts'

/** One run of a module: a provider under the issuer form of the suite, a gateway set up as it is set up there. */
export interface Run extends Scene {
  /** What a person does in every module: opens a protected page. */
  visit(browser?: Browser): Promise<{ browser: Browser; page: Page }>
  /** The login has worked: there is a session, userinfo was asked with its token in the header. */
  accepted(visit: { browser: Browser; page: Page }): Promise<void>
  /** The login was refused: an error page, no session, and no userinfo call after what was wrong. */
  refused(visit: { browser: Browser; page: Page }, options?: { userinfoCalls: number }): Promise<void>
}

/** The suite's issuers end in a slash; its last good call is the one to userinfo. */
export async function startRun(options: SceneOptions = {}): Promise<Run> {
  const env = { OIDC_USERINFO: 'login', OIDC_SCOPES: 'openid profile email phone address', ...options.env }
  const scene = await setScene({ provider: { path: '/test/a/cloakroom/' }, ...options, env })
  const hasSession = async (browser: Browser) => (await browser.fetch(`${scene.url}/session`)).status === 200

  return {
    ...scene,
    async visit(browser = scene.newBrowser()) {
      return { browser, page: await browser.open(`${scene.url}/api/orders`) }
    },
    async accepted({ browser, page }) {
      expect(page.status).to.equal(200)
      expect(page.url).to.equal(`${scene.url}/api/orders`)
      expect(await hasSession(browser)).to.equal(true)
      const calls = scene.provider.calls('userinfo')
      expect(calls).not.to.deep.equal([])
      for (const { headers, query } of calls) {
        expect(headers.authorization).to.match(/^Bearer /)
        expect(query.has('access_token')).to.equal(false)
      }
    },
    async refused({ browser, page }, { userinfoCalls } = { userinfoCalls: 0 }) {
      expect(page.status).to.be.oneOf([400, 502])
      expect(page.body).to.include('Try again')
      expect(await hasSession(browser)).to.equal(false)
      expect((await browser.fetch(`${scene.url}/api/orders`)).status).to.equal(401)
      expect(scene.provider.calls('userinfo')).to.have.length(userinfoCalls)
      expect(scene.api.seen).to.deep.equal([])
    },
  }
}
