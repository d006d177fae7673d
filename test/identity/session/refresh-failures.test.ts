import { expect } from 'chai'
import type { Browser } from '../../support/browser.ts'
import type { Reply } from '../../support/provider-script.ts'
import { type Scene, setScene } from '../../support/scene.ts'

const INVALID_GRANT: Reply = { status: 400, body: { error: 'invalid_grant', error_description: 'Session not active' } }
const JSON_TYPE = { 'content-type': 'application/json' }

describe('renewing tokens in vain', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await setScene()
  })
  afterEach(() => scene.stop())

  const refreshes = () => scene.provider.calls('token', { grant_type: 'refresh_token' })
  const session = (browser: Browser) => browser.fetch(`${scene.url}/session`)
  const isOver = async (browser: Browser) => (await session(browser)).status === 401

  describe('because the grant is over', () => {
    it('ends the session, after the same token was tried once more', async () => {
      const browser = await scene.signedIn()
      scene.clock.advance('290s')
      scene.provider.endSession('sso-of-the-browser')
      scene.api.forget()
      const page = await scene.call(browser)
      expect(page.status).to.equal(401)
      expect(page.json().error.code).to.equal('AUTHENTICATION_REQUIRED')
      expect(await isOver(browser)).to.equal(true)
      expect(refreshes()).to.have.length(2)
      expect(new Set(refreshes().map(({ form }) => form.get('refresh_token')))).to.have.property('size', 1)
      expect(scene.api.seen).to.deep.equal([])
      expect((await scene.call(browser)).status).to.equal(401)
      expect(refreshes()).to.have.length(2)
    })

    it('sends a navigation to a new login', async () => {
      const browser = await scene.signedIn()
      scene.clock.advance('290s')
      scene.provider.endSession('sso-of-the-browser')
      scene.provider.script.sid = 'the-next-sso-session'
      const page = await browser.open(`${scene.url}/api/orders`)
      expect(page.status).to.equal(200)
      expect(scene.provider.calls('authorize')).to.have.length(2)
    })

    it('for once only does not: a lost answer costs nobody the session', async () => {
      const browser = await scene.signedIn()
      scene.clock.advance('301s')
      scene.provider.reply('token', INVALID_GRANT, 1)
      expect((await scene.call(browser)).status).to.equal(200)
      expect(refreshes()).to.have.length(2)
      expect(await isOver(browser)).to.equal(false)
    })
  })

  describe('for any other reason keeps the session:', () => {
    const troubles: [what: string, reply: Reply][] = [
      ['400 invalid_client', { status: 400, body: { error: 'invalid_client' } }],
      ['400 invalid_request', { status: 400, body: { error: 'invalid_request' } }],
      ['400 in HTML', { status: 400, body: '<h1>invalid_grant</h1>' }],
      ['401 unauthorized_client', { status: 401, body: { error: 'unauthorized_client' } }],
      ['401 invalid_grant', { status: 401, body: { error: 'invalid_grant' } }],
      ['403', { status: 403, body: { error: 'access_denied' } }],
      ['404', { status: 404, body: { error: 'Realm does not exist' } }],
      ['429', { status: 429 }],
      ['500', { status: 500, body: { error: 'invalid_grant' } }],
      ['502 in HTML', { status: 502, body: '<h1>Bad Gateway</h1>' }],
      ['503', { status: 503 }],
      ['HTML', { body: '<h1>maintenance</h1>' }],
      ['broken JSON', { headers: JSON_TYPE, body: '{"access_token":' }],
      ['JSON without a token', { body: { token_type: 'Bearer' } }],
      ['a redirect', { status: 302, headers: { location: '/' } }],
      ['a hang-up', 'hang-up'],
    ]
    for (const [what, reply] of troubles) {
      it(what, async () => {
        const browser = await scene.signedIn()
        await scene.call(browser)
        const old = scene.relayed()
        scene.provider.reply('token', reply)

        scene.clock.advance('290s')
        expect((await scene.call(browser)).status).to.equal(200)
        expect(scene.relayed()).to.equal(old)

        scene.api.forget()
        scene.clock.advance('10s')
        const page = await scene.call(browser)
        expect(page.status).to.equal(503)
        expect(page.json().error.code).to.equal('REFRESH_FAILED')
        expect(page.header('retry-after')).to.match(/^[1-9]\d*$/)
        expect(page.header('set-cookie')).to.equal(undefined)
        expect(page.body).not.to.match(/canary|invalid_|maintenance/)
        expect(scene.api.seen).to.deep.equal([])
        expect(await isOver(browser)).to.equal(false)

        scene.provider.reset()
        expect((await scene.call(browser)).status).to.equal(200)
        expect(scene.relayed()).not.to.equal(old)
      })
    }

    it('the provider is away, and comes back', async () => {
      const browser = await scene.signedIn()
      scene.clock.advance('301s')
      await scene.provider.goAway()
      expect((await scene.call(browser)).status).to.equal(503)
      await scene.provider.comeBack()
      expect((await scene.call(browser)).status).to.equal(200)
    })

    it('the provider hangs; nobody waits long while the old token lives', async function () {
      this.timeout(30_000)
      const browser = await scene.signedIn()
      scene.clock.advance('290s')
      const hold = scene.provider.hold('token')
      expect((await scene.call(browser)).status).to.equal(200)
      expect(refreshes()).to.have.length(1)
      scene.clock.advance('11s')
      const page = await scene.call(browser)
      expect(page.status).to.equal(503)
      expect(page.header('retry-after')).to.match(/^\d+$/)
      hold.release()
      expect(await isOver(browser)).to.equal(false)
    })

    it('the key of the new ID token is not to be had', async () => {
      scene.provider.script.refresh.reuse = 1
      const browser = await scene.signedIn()
      await scene.provider.rotateKeys()
      scene.provider.reply('jwks', { status: 500 })
      scene.clock.advance('290s')
      expect((await scene.call(browser)).status).to.equal(200)
      expect(await isOver(browser)).to.equal(false)
      scene.provider.reset()
      scene.provider.script.refresh.reuse = 1
      scene.clock.advance('40s')
      expect((await scene.call(browser)).status).to.equal(200)
    })

    it('and the operator reads of it once, as an error when the gateway itself is refused', async () => {
      const browser = await scene.signedIn()
      scene.clock.advance('290s')
      scene.provider.reply('token', { status: 401, body: { error: 'unauthorized_client' } })
      await Promise.all(Array.from({ length: 20 }, () => scene.call(browser)))
      const lines = scene.gateway
        .logged()
        .filter(({ message }) => /renewed: the provider|could not be renewed/.test(String(message)))
      expect(lines).to.have.length(refreshes().length)
      expect(lines[0]).to.include({ level: 'error' })
      expect(JSON.stringify(lines)).not.to.match(/canary|eyJ/)
      const metrics = await (await fetch(`${scene.gateway.managementUrl}/metrics`)).text()
      expect(metrics).to.match(/^cloakroom_token_refreshes_total\{outcome="refused"\} [1-9]/m)
    })
  })

  describe('because the person signs out meanwhile', () => {
    it('discards and revokes what the provider answers', async () => {
      let fresh: unknown
      const browser = await scene.signedIn()
      scene.clock.advance('301s')
      scene.provider.script.tokenAnswer = (answer) => {
        fresh = answer.refresh_token
        return answer
      }
      const hold = scene.provider.hold('token')
      const running = scene.call(browser)
      await hold.arrived
      const [ticket] = browser.jar.of(scene.url)
      const out = await browser.fetch(`${scene.url}/logout`, { method: 'POST', headers: { 'x-csrf': '1' } })
      expect(out.status).to.equal(200)
      // The revocation of the old token ended the grant; this provider answers the refresh all the same.
      scene.provider.revive()
      hold.release()
      expect((await running).status).to.equal(401)
      expect(fresh).to.be.a('string')
      expect(scene.provider.calls('revoke').map(({ form }) => form.get('token'))).to.include(fresh)
      const again = scene.newBrowser()
      const site = { sameSite: true, topLevelNavigation: true, method: 'GET' }
      again.jar.store(scene.url, `cloakroom=${ticket?.value}; Path=/`, site)
      expect((await again.fetch(`${scene.url}/me`)).status).to.equal(401)
    })
  })
})
