import { expect } from 'chai'
import type { Browser } from '../support/browser.ts'
import { type InstancesScene, setInstancesScene } from '../support/instances-scene.ts'
import { needRedis } from '../support/redis-server.ts'

describe('two instances with one Redis', () => {
  let instances: InstancesScene
  let scene: InstancesScene['scene']
  let second: InstancesScene['second']
  before(async function () {
    needRedis(this)
    instances = await setInstancesScene({ IDENTITY_CACHE_TTL: '60' })
    ;({ scene, second } = instances)
  })
  after(() => instances?.stop())
  beforeEach(() => scene.provider.reset())

  const elsewhere = (url: string) => url.replace(scene.url, second.url)
  const me = (browser: Browser, at: string) => browser.fetch(`${at}/me`, { from: at })
  const logout = (browser: Browser, at: string) =>
    browser.fetch(`${at}/logout`, { method: 'POST', headers: { 'x-csrf': '1', origin: scene.url } })

  it('finish what the other began', async () => {
    const browser = scene.newBrowser()
    const tab = await browser.open(`${scene.url}/login?returnTo=/me`, { until: (url) => url.includes('/callback') })
    const next = tab.next && { ...tab.next, url: elsewhere(tab.next.url) }
    const page = await browser.goOn({ ...tab, next })
    expect(page.url).to.equal(`${scene.url}/me`)
    expect(page.status).to.equal(200)
    expect((await browser.open(tab.next?.url ?? '')).status).to.equal(400)
    expect(scene.provider.calls('token')).to.have.length(1)
  })

  it('know each other’s sessions, and each other’s refreshes', async () => {
    const browser = await scene.signedIn()
    expect((await me(browser, second.url)).json().data.user.username).to.equal('alice')
    scene.clock.advance('290s')
    expect((await me(browser, second.url)).status).to.equal(200)
    expect((await scene.call(browser)).status).to.equal(200)
    expect(scene.provider.calls('token', { grant_type: 'refresh_token' })).to.have.length(1)
  })

  it('forget a session that ended at the other at once, however long they remember identities', async () => {
    const browser = await scene.signedIn()
    const [ticket] = browser.jar.of(scene.url)
    for (const at of [scene.url, second.url]) expect((await me(browser, at)).status).to.equal(200)
    expect((await logout(browser, second.url)).status).to.equal(200)
    const again = scene.newBrowser()
    const site = { sameSite: true, topLevelNavigation: true, method: 'GET' }
    again.jar.store(scene.url, `cloakroom=${ticket?.value}; Path=/`, site)
    for (const at of [second.url, scene.url]) expect((await me(again, at)).status).to.equal(401)
  })

  it('answer 503 while Redis hangs, keep the cookie, and know everyone again afterwards', async function () {
    this.timeout(30_000)
    const browser = await scene.signedIn()
    scene.clock.advance('61s')
    await instances.redis.pause()
    const asked = await Promise.all([
      me(browser, scene.url),
      browser.open(`${scene.url}/login`),
      logout(browser, scene.url),
    ])
    await instances.redis.resume()
    for (const page of asked) {
      expect(page.status).to.equal(503)
      expect(page.header('retry-after')).to.match(/^\d+$/)
      expect(page.header('set-cookie')).to.equal(undefined)
    }
    const deadline = Date.now() + 20_000
    let status = 0
    while (status !== 200 && Date.now() < deadline) status = (await me(browser, scene.url)).status
    expect(status).to.equal(200)
  })
})
