import { expect } from 'chai'
import type { Browser } from '../support/browser.ts'
import { rawClient } from '../support/raw-client.ts'
import { type Scene, type SceneOptions, setScene } from '../support/scene.ts'
import { CSRF, isSignedIn, signOut } from './sign-out.ts'

const PAGE = { sameSite: true, topLevelNavigation: true, method: 'GET' }

describe('signing out', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene()
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  const ticketOf = (browser: Browser) => browser.jar.of(scene.url).find(({ name }) => name === 'cloakroom')?.value
  const carrying = (ticket: string | undefined) => {
    const browser = scene.newBrowser()
    browser.jar.store(scene.url, `cloakroom=${ticket}; Path=/`, PAGE)
    return browser
  }

  it('by a script answers JSON with the address at the provider, ends the session and revokes its refresh token', async () => {
    let refreshToken: unknown
    scene.provider.script.tokenAnswer = (answer) => {
      refreshToken = answer.refresh_token
      return answer
    }
    const browser = await scene.signedIn()
    const ticket = ticketOf(browser)
    const page = await signOut(scene, browser)

    expect(page.status).to.equal(200)
    expect(page.header('cache-control')).to.equal('no-store')
    expect(page.header('set-cookie')).to.equal('cloakroom=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0')
    expect(browser.jar.of(scene.url)).to.deep.equal([])
    expect(await isSignedIn(scene, carrying(ticket))).to.equal(false)
    expect(scene.provider.calls('revoke').map(({ form }) => form.get('token'))).to.deep.equal([refreshToken])
    const url = new URL(page.json().data.logoutUrl)
    expect(url.origin + url.pathname).to.equal(`${scene.provider.issuer}/end-session`)
    expect(url.searchParams.get('post_logout_redirect_uri')).to.equal(`${scene.url}/`)
    expect(url.searchParams.get('client_id')).to.equal('cloakroom')
    expect(url.searchParams.get('id_token_hint')).to.match(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(url.searchParams.get('state')).to.match(/^[\w-]{20,}$/)
  })

  it('by a plain form of an own page needs no script: 303 over the provider and back', async () => {
    const browser = await scene.signedIn()
    const page = await browser.submit(`${scene.url}/app`, `${scene.url}/logout`)
    expect(page.visits.map(({ method, status }) => `${method} ${status}`).slice(0, 2)).to.deep.equal([
      'POST 303',
      'GET 302',
    ])
    expect(page.visits[1]?.url.startsWith(`${scene.provider.issuer}/end-session?`)).to.equal(true)
    expect(new URL(page.url).origin).to.equal(scene.url)
    expect(await isSignedIn(scene, browser)).to.equal(false)
  })

  it('by a form of a browser without Fetch Metadata is judged by Origin', async () => {
    const ticket = ticketOf(await scene.signedIn())
    const raw = rawClient(scene.gateway.port)
    const post = (headers: Record<string, string>) =>
      raw.ask({
        method: 'POST',
        target: '/logout',
        headers: { Cookie: `cloakroom=${ticket}`, Accept: 'text/html', ...headers },
        body: '',
      })
    for (const Origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', `${scene.url}0`])
      expect((await post({ Origin })).status).to.equal(403)
    expect((await post({})).status).to.equal(403)
    expect(await isSignedIn(scene, carrying(ticket))).to.equal(true)
    expect((await post({ Origin: scene.url })).status).to.equal(303)
    expect(await isSignedIn(scene, carrying(ticket))).to.equal(false)
  })

  for (const query of [
    'returnTo=https://evil.example',
    'returnUrl=//evil.example',
    'post_logout_redirect_uri=https://evil.example',
    'redirect_uri=https://evil.example&state=x&id_token_hint=y&client_id=z',
  ]) {
    it(`goes nowhere the request chose: ${query}`, async () => {
      const browser = await scene.signedIn()
      const headers = { ...CSRF, 'content-type': 'application/x-www-form-urlencoded' }
      const page = await browser.fetch(`${scene.url}/logout?${query}`, { method: 'POST', headers, body: query })
      expect(page.status).to.equal(200)
      const url = new URL(page.json().data.logoutUrl)
      expect(url.searchParams.get('post_logout_redirect_uri')).to.equal(`${scene.url}/`)
      expect(url.href).not.to.include('evil')
    })
  }

  it('without a session is no error, and nothing is asked of the provider', async () => {
    const browser = scene.newBrowser()
    const page = await signOut(scene, browser)
    expect(page.status).to.equal(200)
    expect(page.json().data).to.deep.equal({ logoutUrl: `${scene.url}/` })
    expect((await browser.submit(scene.url, `${scene.url}/logout`)).url).to.equal(`${scene.url}/`)
    expect(scene.provider.journal).to.deep.equal([])
  })

  it('ends this session alone', async () => {
    const [one, two] = [await scene.signedIn(), await scene.signedIn()]
    await signOut(scene, one)
    expect(await isSignedIn(scene, two)).to.equal(true)
  })

  it('holds while calls of the session are on their way', async () => {
    const browser = await scene.signedIn()
    const ticket = ticketOf(browser)
    const release = Promise.withResolvers<void>()
    scene.api.on('/api/orders/slow', async (_seen, res) => {
      await release.promise
      res.writeHead(200).end('done')
    })
    const arrived = scene.api.next()
    const running = scene.call(browser, '/api/orders/slow')
    await arrived
    expect((await signOut(scene, browser)).status).to.equal(200)
    release.resolve()
    expect((await running).status).to.equal(200)
    expect(await isSignedIn(scene, carrying(ticket))).to.equal(false)
    expect((await scene.call(carrying(ticket))).status).to.equal(401)
  })

  it('uses the ID token of the last refresh as hint', async () => {
    const browser = await scene.signedIn()
    scene.clock.advance('290s')
    const tokens: unknown[] = []
    scene.provider.script.tokenAnswer = (answer) => {
      tokens.push(answer.id_token)
      return answer
    }
    await scene.call(browser)
    const url = new URL((await signOut(scene, browser)).json().data.logoutUrl)
    expect(url.searchParams.get('id_token_hint')).to.equal(tokens[0])
  })

  it('leaves a very long ID token out of the address', async () => {
    scene.provider.script.idToken.claims = { long: 'x'.repeat(8_000) }
    const url = (await signOut(scene, await scene.signedIn())).json().data.logoutUrl
    expect(url.length).to.be.below(2_000)
    expect(new URL(url).searchParams.get('client_id')).to.equal('cloakroom')
  })
})

describe('signing out while the provider is not itself', () => {
  let scene: Scene | undefined
  afterEach(() => scene?.stop())

  const troubles: [what: string, options: SceneOptions, arrange: (scene: Scene) => unknown][] = [
    ['is away', {}, ({ provider }) => provider.goAway()],
    ['answers 500', {}, ({ provider }) => provider.reply('revoke', { status: 500 })],
    ['refuses to revoke', {}, ({ provider }) => provider.reply('revoke', { status: 400, body: { error: 'x' } })],
    ['hangs', {}, ({ provider }) => provider.hold('revoke')],
  ]
  for (const [what, options, arrange] of troubles) {
    it(`because it ${what} signs out here all the same`, async () => {
      scene = await setScene(options)
      const browser = await scene.signedIn()
      const [ticket] = browser.jar.of(scene.url)
      await arrange(scene)
      const page = await signOut(scene, browser)
      expect(page.status).to.equal(200)
      const again = scene.newBrowser()
      again.jar.store(scene.url, `cloakroom=${ticket?.value}; Path=/`, PAGE)
      expect((await again.fetch(`${scene.url}/me`)).status).to.equal(401)
    })
  }

  it('because it names no address for it leads to the own page', async () => {
    scene = await setScene({ env: { OIDC_POST_LOGOUT_PATH: '/goodbye' } })
    scene.provider.script.discovery = ({ end_session_endpoint: _, revocation_endpoint: __, ...document }) => document
    const browser = await scene.signedIn()
    const page = await signOut(scene, browser)
    expect(page.json().data.logoutUrl).to.equal(`${scene.url}/goodbye`)
    expect(scene.provider.calls('revoke')).to.deep.equal([])
  })
})
