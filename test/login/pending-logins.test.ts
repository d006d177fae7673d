import { expect } from 'chai'
import type { Browser, Page } from '../support/browser.ts'
import { type Scene, setScene } from '../support/scene.ts'

describe('pending logins', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  const atCallback = { until: (url: string) => url.includes('/callback') }
  const start = (browser: Browser, returnTo = '/api/orders') =>
    browser.open(`${scene.url}/login?returnTo=${returnTo}`, atCallback)
  const callbackOf = (page: Page) => page.next?.url ?? ''
  const whoAmI = (browser: Browser) => browser.fetch(`${scene.url}/me`)
  const loginCookies = (browser: Browser) => browser.jar.of(scene.url).filter(({ name }) => name.includes('-login-'))

  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ]) {
    it(`of three tabs finish in the order ${order.map((n) => n + 1).join(', ')}`, async () => {
      const browser = scene.newBrowser()
      const tabs: Page[] = []
      for (const n of [0, 1, 2]) tabs.push(await start(browser, `/api/orders/${n}`))
      for (const n of order) {
        const page = await browser.goOn(tabs[n] as Page)
        expect(page.status).to.equal(200)
        expect(page.url).to.equal(`${scene.url}/api/orders/${n}`)
      }
      expect(loginCookies(browser)).to.deep.equal([])
    })
  }

  it('of two tabs run at the very same time', async () => {
    const browser = scene.newBrowser()
    const open = (path: string) => browser.open(scene.url + path)
    const pages = await Promise.all([open('/api/orders/left'), open('/api/orders/right')])
    expect(pages.map(({ status, url }) => ({ status, path: new URL(url).pathname }))).to.deep.equal([
      { status: 200, path: '/api/orders/left' },
      { status: 200, path: '/api/orders/right' },
    ])
    expect((await whoAmI(browser)).status).to.equal(200)
  })

  it('are five at most: the oldest gives way, the newest five finish', async () => {
    const browser = scene.newBrowser()
    const tabs: Page[] = []
    for (let n = 0; n < 50; n++) {
      scene.clock.advance('1s')
      tabs.push(await start(browser))
      expect(loginCookies(browser).length).to.be.at.most(5)
    }
    const cookies = browser.jar.of(scene.url).map(({ name, value }) => `${name}=${value}`)
    expect(cookies.join('; ').length).to.be.below(1_024)
    const ends: number[] = []
    for (const tab of tabs.slice(-6).reverse()) ends.push((await browser.goOn(tab)).status)
    expect(ends).to.deep.equal([200, 200, 200, 200, 200, 400])
  })

  it('are finished once: the callback loaded again spends no code', async () => {
    const browser = scene.newBrowser()
    const tab = await start(browser)
    expect((await browser.goOn(tab)).status).to.equal(200)
    const again = await browser.open(callbackOf(tab))
    expect(again.status).to.equal(400)
    expect(again.body).to.include('LOGIN_STATE_INVALID')
    expect(scene.provider.calls('token')).to.have.length(1)
    expect((await whoAmI(browser)).status).to.equal(200)
  })

  it('are finished once, also when the callback is loaded ten times at once', async () => {
    const browser = scene.newBrowser()
    const tab = await start(browser)
    const token = scene.provider.hold('token')
    const loads = Array.from({ length: 10 }, () => browser.goOn(tab))
    await token.arrived
    token.release()
    const statuses = (await Promise.all(loads)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).to.have.length(1)
    expect(statuses.filter((status) => status === 400)).to.have.length(9)
    expect(scene.provider.calls('token')).to.have.length(1)
  })

  it('that failed at the token endpoint are not tried again by loading the page again', async () => {
    const browser = scene.newBrowser()
    const tab = await start(browser)
    scene.provider.reply('token', { status: 503 }, 1)
    expect((await browser.goOn(tab)).status).to.equal(503)
    expect((await browser.open(callbackOf(tab))).status).to.equal(400)
    expect(scene.provider.calls('token')).to.have.length(1)
  })

  it('belong to the browser that began them: nobody can be made to finish the login of another', async () => {
    const attacker = scene.newBrowser()
    const victim = scene.newBrowser()
    const theirs = await start(attacker)
    await start(victim)
    for (const page of [
      await victim.link('http://127.0.0.1:1/trap', callbackOf(theirs)),
      await victim.open(callbackOf(theirs)),
      await scene.newBrowser().open(callbackOf(theirs)),
    ]) {
      expect(page.status).to.equal(400)
      expect(page.body).to.include('LOGIN_STATE_INVALID')
    }
    expect(scene.provider.calls('token')).to.deep.equal([])
    expect((await whoAmI(victim)).status).to.equal(401)
    // And the attempt took nothing from the attacker's own login.
    expect((await attacker.goOn(theirs)).status).to.equal(200)
  })

  it('end after ten minutes', async () => {
    const browser = scene.newBrowser()
    const late = await start(browser)
    const inTime = await start(browser)
    scene.clock.advance('599s')
    expect((await browser.goOn(inTime)).status).to.equal(200)
    scene.clock.advance('2s')
    const page = await browser.goOn(late)
    expect(page.status).to.equal(400)
    expect(page.body).to.include('LOGIN_STATE_INVALID')
  })

  it('survive a planted cookie of the same name', async () => {
    const browser = scene.newBrowser()
    const tab = await start(browser)
    const [own] = loginCookies(browser)
    const site = { sameSite: true, topLevelNavigation: true, method: 'GET' }
    browser.jar.store(`${scene.url}/callback`, `${own?.name}=zzz.planted; Path=/callback`, site)
    const page = await browser.goOn(tab)
    expect(page.status).to.equal(400)
    expect(scene.provider.calls('token')).to.deep.equal([])
  })

  it('answer a script with JSON', async () => {
    const browser = scene.newBrowser()
    const page = await browser.fetch(`${scene.url}/callback?state=${'A'.repeat(43)}&code=x`)
    expect(page.status).to.equal(400)
    expect(page.json().error).to.include({ code: 'LOGIN_STATE_INVALID' })
    const problem = await browser.fetch(`${scene.url}/callback?error=access_denied`, {
      headers: { accept: 'application/problem+json' },
    })
    expect(problem.header('content-type')).to.equal('application/problem+json')
    expect(problem.json()).to.include({ status: 400, code: 'LOGIN_STATE_INVALID' })
  })

  it('come back by GET alone', async () => {
    const browser = scene.newBrowser()
    const tab = await start(browser)
    const posted = await browser.submit(scene.provider.issuer, callbackOf(tab))
    expect(posted.status).to.equal(405)
    expect(posted.header('allow')).to.equal('GET, HEAD')
    expect((await browser.goOn(tab)).status).to.equal(200)
  })
})
