import { expect } from 'chai'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'

const TOKENS = /eyJ[\w-]+\.|canary-/

describe('signing in', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  it('leads from a protected page over the provider back to that very page', async () => {
    const page = await scene.newBrowser().open(`${scene.url}/api/orders?page=2`)
    expect(page.status).to.equal(200)
    expect(page.url).to.equal(`${scene.url}/api/orders?page=2`)
    expect(page.visits.map(({ status }) => status)).to.deep.equal([302, 302, 302, 200, 200])
    const [, login, authorize, callback] = page.visits.map(({ url }) => new URL(url).pathname)
    expect([login, authorize, callback]).to.deep.equal(['/login', '/realms/demo/authorize', '/callback'])
  })

  it('works through the login page of the provider, whose site is another one', async () => {
    scene.provider.script.interactive = true
    const page = await scene.newBrowser().open(`${scene.url}/api/orders`)
    expect(page.status).to.equal(200)
    const callback = page.visits.find(({ url }) => url.includes('/callback'))
    expect(callback?.sent['sec-fetch-site']).to.equal('cross-site')
    expect(page.visits.at(-1)?.sent['sec-fetch-site']).to.equal('same-origin')
  })

  it('gives the API a token and the browser none', async () => {
    const browser = await scene.signedIn()
    const page = await scene.call(browser)
    expect(page.status).to.equal(200)
    expect(scene.relayed()).to.match(/^eyJ/)
    expect(scene.api.last().header('cookie')).to.equal(undefined)
    expect(scene.api.last().header('x-user-id')).to.equal(the.alice().sub)
    for (const { name, value } of browser.jar.of(scene.url)) expect(`${name}=${value}`).not.to.match(TOKENS)
  })

  it('answers nothing on the way that carries a token', async () => {
    const browser = scene.newBrowser()
    let page = await browser.open(`${scene.url}/login?returnTo=/me`, { until: () => true })
    while (page.next !== undefined) {
      if (page.url.startsWith(scene.url)) {
        expect(`${JSON.stringify(page.headers)} ${page.body}`).not.to.match(/eyJ[\w-]+\.|canary-(refresh|access)/)
      }
      page = await browser.goOn(page, { until: () => true })
    }
    expect(page.status).to.equal(200)
    expect(page.body).not.to.match(TOKENS)
  })

  it('asks for a code with PKCE S256, fresh values every time and nothing else', async () => {
    for (let i = 0; i < 20; i++) await scene.newBrowser().open(`${scene.url}/login?returnTo=/me`)
    const requests = scene.provider.calls('authorize').map(({ query }) => query)
    expect(requests).to.have.length(20)
    for (const query of requests) {
      expect(Object.fromEntries(query)).to.include({
        response_type: 'code',
        client_id: the.clientId,
        scope: the.scopes,
        redirect_uri: `${scene.url}/callback`,
        code_challenge_method: 'S256',
      })
      expect([...query.keys()].sort()).to.deep.equal(
        [
          'client_id',
          'code_challenge',
          'code_challenge_method',
          'nonce',
          'redirect_uri',
          'response_type',
          'scope',
          'state',
        ].sort(),
      )
    }
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(requests.map((query) => query.get(name)))).to.have.property('size', 20)
      for (const query of requests) expect(query.get(name)).to.match(/^[\w-]{43}$/)
    }
    const verifiers = scene.provider.calls('token').map(({ form }) => form.get('code_verifier') ?? '')
    expect(new Set(verifiers)).to.have.property('size', 20)
    for (const verifier of verifiers) expect(verifier).to.match(/^[\w.~-]{43,128}$/)
  })

  it('spends the code with client authentication and the redirect URI of the request', async () => {
    await scene.signedIn()
    const [call] = scene.provider.calls('token')
    expect(call?.headers.authorization).to.match(/^Basic /)
    expect(call?.form.get('redirect_uri')).to.equal(`${scene.url}/callback`)
    expect(call?.form.get('client_secret')).to.equal(null)
    expect(call?.headers).not.to.have.property('origin')
    expect(call?.headers).not.to.have.property('cookie')
  })

  it('ends in a cookie that is HttpOnly, Strict and opaque, and removes the one of the login', async () => {
    const browser = scene.newBrowser()
    const before = await browser.open(`${scene.url}/login`, { until: (url) => url.includes('/callback') })
    expect(browser.jar.of(scene.url).map(({ name }) => name)).to.have.length(1)
    const page = await browser.goOn(before, { until: () => true })
    expect([page.headers['set-cookie']].flat().find((line) => line?.startsWith('cloakroom='))).to.match(
      /^cloakroom=s%3A[\w-]{32}\.[^;]+; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(browser.jar.of(scene.url)).to.have.length(1)
    expect(browser.jar.of(scene.url)[0]).to.include({ name: 'cloakroom', sameSite: 'strict', httpOnly: true })
  })

  it('shows a callback page that leaks nothing, is not kept and works without script', async () => {
    const browser = scene.newBrowser()
    const before = await browser.open(`${scene.url}/login?returnTo=/api/orders?a=1%26b=2`, {
      until: (url) => url.includes('/callback'),
    })
    const page = await browser.goOn(before, { until: () => true })
    expect(page.status).to.equal(200)
    expect(page.header('cache-control')).to.equal('no-store')
    expect(page.header('referrer-policy')).to.equal('no-referrer')
    expect(page.header('content-security-policy')).to.include("default-src 'none'")
    expect(page.body).to.include(`<a class="act" href="${scene.url}/api/orders?a=1&#38;b=2">`)
    expect(page.body).not.to.match(/canary|<script/)
  })

  it('needs no second login for a link on another site: the page comes back to itself once', async () => {
    const browser = await scene.signedIn()
    scene.provider.journal.length = 0
    const page = await browser.link('http://127.0.0.1:1/mail', `${scene.url}/api/orders?from=mail`)
    expect(page.status).to.equal(200)
    expect(page.visits.map(({ status }) => status)).to.deep.equal([200, 200])
    expect(page.visits[0]?.sent).not.to.have.property('cookie')
    expect(scene.provider.journal).to.deep.equal([])
    expect(scene.api.last().target).to.equal('/api/orders?from=mail')
  })

  it('starts a login for a link on another site when nobody is signed in, without going in circles', async () => {
    const browser = scene.newBrowser()
    const page = await browser.link('http://127.0.0.1:1/mail', `${scene.url}/api/orders`)
    expect(page.status).to.equal(200)
    expect(scene.provider.calls('authorize')).to.have.length(1)
  })

  it('never sends a script to the provider: 401 with the address of the login', async () => {
    const page = await scene.newBrowser().fetch(`${scene.url}/api/orders`)
    expect(page.status).to.equal(401)
    expect(page.visits).to.have.length(1)
    expect(page.json().error).to.deep.include({
      code: 'AUTHENTICATION_REQUIRED',
      details: { loginUrl: `${scene.url}/login` },
    })
  })

  it('knows roles, groups and scopes of whoever signed in', async () => {
    const browser = await scene.signedIn()
    const { user } = (await browser.fetch(`${scene.url}/me`)).json().data
    expect(user).to.deep.equal({
      id: the.alice().sub,
      username: 'alice',
      email: 'alice@wonderland.example',
      name: 'Alice Liddell',
      roles: ['realm:customer', 'client:orders-api:reader'],
      groups: ['/staff/support'],
      scopes: ['openid', 'profile', 'email', 'orders.read'],
      tenant: null,
      authMethod: 'session',
    })
  })

  it('leaves nothing in the log that opens anything, from the first page to the last', async () => {
    const browser = await scene.signedIn()
    const tickets = browser.jar.of(scene.url).map(({ value }) => value)
    scene.clock.advance('290s')
    await scene.call(browser)
    await browser.open(`${scene.url}/callback?code=canary-code&state=${'A'.repeat(43)}`)
    scene.provider.reply('token', { status: 401, body: { error: 'canary-error' } }, 1)
    await browser.open(`${scene.url}/login?login_hint=alice@wonderland.example`)
    await browser.fetch(`${scene.url}/logout`, { method: 'POST', headers: { 'x-csrf': '1' } })
    const log = scene.gateway.logText()
    expect(log).to.include('/callback')
    expect(log).not.to.match(/eyJ[\w-]{10}|canary-(code|refresh|access)|the-client-secret|alice@/)
    for (const ticket of tickets) expect(log).not.to.include(ticket.slice(4, 36))
  })
})
