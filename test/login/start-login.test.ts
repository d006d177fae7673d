import { expect } from 'chai'
import type { Browser, Page } from '../support/browser.ts'
import { rawClient } from '../support/raw-client.ts'
import { type Scene, setScene } from '../support/scene.ts'

describe('/login', () => {
  let scene: Scene
  before(async () => {
    scene = await setScene({ env: { ALLOWED_HOSTS: 'other.example' } })
  })
  after(() => scene.stop())
  beforeEach(() => scene.provider.reset())

  const stop = { until: () => true }
  const login = (query = '') => scene.newBrowser().open(`${scene.url}/login${query}`, stop)
  const asked = (page: Page) => new URL(page.next?.url ?? 'about:blank').searchParams
  const nothingBegun = (browser: Browser, page: Page) => {
    expect(page.header('set-cookie')).to.equal(undefined)
    expect(browser.jar.of(scene.url)).to.deep.equal([])
    expect(scene.provider.calls('authorize')).to.deep.equal([])
  }

  describe('is for navigations alone', () => {
    const others: Record<string, (browser: Browser) => Promise<Page>> = {
      'a fetch of the own pages': (browser) => browser.fetch(`${scene.url}/login`),
      'a fetch of another site': (browser) => browser.fetch(`${scene.url}/login`, { from: 'http://127.0.0.1:1/' }),
      'a picture': (browser) => browser.embed('image', 'http://127.0.0.1:1/', `${scene.url}/login`),
      'a picture on an own page': (browser) => browser.embed('image', scene.url, `${scene.url}/login`),
      'a frame': (browser) => browser.embed('iframe', 'http://127.0.0.1:1/', `${scene.url}/login`),
      'a frame on an own page': (browser) => browser.embed('iframe', scene.url, `${scene.url}/login`),
      'an old browser asking for JSON': (browser) =>
        browser.open(`${scene.url}/login`, { headers: withoutMetadata({ accept: 'application/json' }) }),
      'an old browser with XMLHttpRequest': (browser) =>
        browser.open(`${scene.url}/login`, { headers: withoutMetadata({ 'x-requested-with': 'XMLHttpRequest' }) }),
      'an object': (browser) => browser.open(`${scene.url}/login`, { headers: { 'sec-fetch-dest': 'object' } }),
      'an empty destination': (browser) =>
        browser.open(`${scene.url}/login`, { headers: { 'sec-fetch-dest': 'empty' } }),
    }
    for (const [what, ask] of Object.entries(others)) {
      it(`${what} gets 400`, async () => {
        const browser = scene.newBrowser()
        const page = await ask(browser)
        expect(page.status).to.equal(400)
        expect(page.body).to.include('NAVIGATION_REQUIRED')
        nothingBegun(browser, page)
      })
    }

    it('which includes links of other sites and browsers without Fetch Metadata', async () => {
      const browser = scene.newBrowser()
      expect((await browser.link('http://127.0.0.1:1/', `${scene.url}/login`)).url).to.equal(`${scene.url}/`)
      const raw = rawClient(scene.gateway.port)
      expect((await raw.ask({ target: '/login', headers: { Accept: 'text/html' } })).status).to.equal(302)
      expect((await raw.ask({ target: '/login' })).status).to.equal(302)
    })

    it('POST gets 405', async () => {
      const page = await scene.newBrowser().submit(scene.url, `${scene.url}/login`)
      expect(page.status).to.equal(405)
    })
  })

  describe('passes hints on', () => {
    const good: [name: string, value: string][] = [
      ['prompt', 'login'],
      ['prompt', 'none'],
      ['prompt', 'login consent'],
      ['prompt', 'create'],
      ['login_hint', 'alice@wonderland.example'],
      ['login_hint', 'Käthe Müller'],
      ['kc_idp_hint', 'corporate-saml_2.0'],
      ['acr_values', 'gold silver'],
      ['ui_locales', 'de-CH de en'],
    ]
    for (const [name, value] of good) {
      it(`${name}=${value}`, async () => {
        const page = await login(`?${new URLSearchParams({ [name]: value })}`)
        expect(asked(page).get(name)).to.equal(value)
      })
    }

    const bad: [name: string, value: string][] = [
      ['prompt', 'Login'],
      ['prompt', 'login  consent'],
      ['prompt', 'anything'],
      ['prompt', 'login&scope=admin'],
      ['login_hint', 'a\u0000b'],
      ['login_hint', 'a\r\nb'],
      ['login_hint', '\u202egnp.exe'],
      ['login_hint', 'x'.repeat(256)],
      ['kc_idp_hint', '../admin'],
      ['kc_idp_hint', 'a b'],
      ['kc_idp_hint', 'x'.repeat(256)],
      ['acr_values', '"gold"'],
      ['acr_values', 'a\\b'],
      ['acr_values', ' gold'],
      ['acr_values', 'gölden'],
      ['ui_locales', 'de_CH'],
      ['ui_locales', 'x'.repeat(36)],
    ]
    for (const [name, value] of bad) {
      it(`but refuses ${name}=${JSON.stringify(value.slice(0, 20))}`, async () => {
        const browser = scene.newBrowser()
        const page = await browser.open(`${scene.url}/login?${new URLSearchParams({ [name]: value })}`, stop)
        expect(page.status).to.equal(400)
        expect(page.body).to.include('INVALID_REQUEST')
        nothingBegun(browser, page)
      })
    }
    for (const name of ['prompt', 'login_hint', 'kc_idp_hint', 'acr_values', 'ui_locales']) {
      it(`but refuses ${name} twice`, async () => {
        expect((await login(`?${name}=a&${name}=a`)).status).to.equal(400)
      })
      it(`but leaves an empty ${name} out`, async () => {
        expect(asked(await login(`?${name}=`)).has(name)).to.equal(false)
      })
    }

    it('and nothing else', async () => {
      const injected = {
        scope: 'openid admin',
        redirect_uri: 'https://evil.example/',
        request: 'eyJ',
        request_uri: 'https://evil.example/request',
        claims: '{}',
        response_mode: 'fragment',
        response_type: 'token',
        client_id: 'evil',
        state: 'chosen',
        nonce: 'chosen',
        code_challenge: 'chosen',
        code_challenge_method: 'plain',
        max_age: '0',
        resource: 'https://evil.example/',
        audience: 'evil',
        iss: 'https://evil.example',
        target_link_uri: 'https://evil.example',
        kc_action: 'UPDATE_PASSWORD',
        __proto__x: '1',
      }
      const usual = asked(await login())
      const page = await login(`?${new URLSearchParams(injected)}`)
      expect([...asked(page).keys()]).to.deep.equal([...usual.keys()])
      for (const name of ['scope', 'redirect_uri', 'client_id', 'response_type', 'code_challenge_method'])
        expect(asked(page).get(name)).to.equal(usual.get(name))
      for (const value of asked(page).values()) expect(value).not.to.include('chosen')
    })
  })

  describe('takes the redirect URI from the configuration', () => {
    const spoofs: Record<string, Record<string, string>> = {
      'an allowed Host': { Host: 'other.example' },
      'X-Forwarded-Host': { 'X-Forwarded-Host': 'evil.example' },
      'X-Forwarded-Proto': { 'X-Forwarded-Proto': 'https' },
      'X-Forwarded-Port': { 'X-Forwarded-Port': '444' },
      'X-Forwarded-Prefix': { 'X-Forwarded-Prefix': '/evil' },
      Forwarded: { Forwarded: 'host=evil.example;proto=https' },
      'X-Original-URL': { 'X-Original-URL': '/logout' },
    }
    for (const [what, headers] of Object.entries(spoofs)) {
      it(`not from ${what}`, async () => {
        const request = { target: '/login', headers: { Accept: 'text/html', ...headers } }
        const answer = await rawClient(scene.gateway.port).ask(request)
        expect(answer.status).to.equal(302)
        const location = new URL(String(answer.header('location')))
        expect(location.searchParams.get('redirect_uri')).to.equal(`${scene.url}/callback`)
      })
    }
  })
})

function withoutMetadata(headers: Record<string, string>): Record<string, string> {
  return { ...headers, 'sec-fetch-mode': '', 'sec-fetch-dest': '', 'sec-fetch-site': '' }
}
