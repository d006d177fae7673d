import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { type Browser, createBrowser } from './browser.ts'

const OWN = { sameSite: true, topLevelNavigation: true, method: 'GET' }

describe('the browser of the tests', () => {
  let server: Server
  let browser: Browser
  let own: string
  let foreign: string
  before(async () => {
    server = createServer((req, res) => {
      const { pathname, searchParams } = new URL(req.url ?? '', 'http://x')
      if (pathname === '/to') res.writeHead(302, { location: searchParams.get('url') ?? '' }).end()
      else if (pathname === '/circle') res.writeHead(302, { location: '/circle' }).end()
      else if (pathname === '/refresh')
        res
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<meta http-equiv="refresh" content="0;url=${searchParams.get('url')}">`)
      else res.end(req.headers.cookie ?? '')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    own = `http://localhost:${port}`
    foreign = `http://127.0.0.1:${port}`
  })
  after(() => server.close())
  beforeEach(() => {
    browser = createBrowser()
    for (const sameSite of ['Strict', 'Lax']) browser.jar.store(own, `${sameSite}=1; Path=/; SameSite=${sameSite}`, OWN)
  })

  const last = (page: Awaited<ReturnType<Browser['open']>>) => page.visits.at(-1)?.sent ?? {}

  it('sends Strict cookies on what began here, Lax ones also on links, none to what is embedded elsewhere', async () => {
    expect((await browser.open(own)).body).to.equal('Strict=1; Lax=1')
    expect((await browser.fetch(own)).body).to.equal('Strict=1; Lax=1')
    expect((await browser.fetch(own, { from: 'http://localhost:1/' })).body).to.equal('Strict=1; Lax=1')
    expect((await browser.link(foreign, own)).body).to.equal('Lax=1')
    expect((await browser.submit(foreign, own)).body).to.equal('')
    expect((await browser.fetch(own, { from: foreign })).body).to.equal('')
    expect((await browser.embed('iframe', foreign, own)).body).to.equal('')
    expect((await browser.open(foreign)).body).to.equal('')
  })

  it('keeps Strict cookies back after a detour over another site, until a page here moves on', async () => {
    expect((await browser.open(`${foreign}/to?url=${own}/`)).body).to.equal('Lax=1')
    expect((await browser.link(foreign, `${own}/refresh?url=${own}/`)).body).to.equal('Strict=1; Lax=1')
    expect((await browser.open(`${foreign}/refresh?url=${own}/`)).body).to.equal('Lax=1')
  })

  it('says where requests come from', async () => {
    expect(last(await browser.open(own))).to.include({ 'sec-fetch-site': 'none', 'sec-fetch-user': '?1' })
    expect(last(await browser.link(foreign, own))).to.include({
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    })
    expect(last(await browser.link('http://localhost:1', own))).to.include({ 'sec-fetch-site': 'same-site' })
    expect(last(await browser.link(own, `${foreign}/to?url=${own}/`))).to.include({ 'sec-fetch-site': 'cross-site' })
    expect(last(await browser.fetch(own, { method: 'POST' }))).to.include({
      origin: own,
      'sec-fetch-site': 'same-origin',
    })
    expect(last(await browser.fetch(own, { from: foreign }))).to.include({ origin: foreign, 'sec-fetch-mode': 'cors' })
    expect(last(await browser.submit(foreign, own))).to.include({ origin: foreign, 'sec-fetch-dest': 'document' })
    expect(last(await browser.embed('image', foreign, own))).to.include({
      'sec-fetch-dest': 'image',
      'sec-fetch-mode': 'no-cors',
    })
    expect(last(await browser.link(foreign, own))).not.to.have.property('origin')
  })

  it('refuses cookies as browsers do', () => {
    const kept = (url: string, line: string, site = OWN) => browser.jar.store(url, line, site)
    expect(kept(own, '__Host-a=1; Path=/; Secure')).to.equal(true)
    expect(kept(own, '__Host-a=1; Path=/')).to.equal(false)
    expect(kept(own, '__Host-a=1; Path=/x; Secure')).to.equal(false)
    expect(kept(own, '__Host-a=1; Path=/; Secure; Domain=localhost')).to.equal(false)
    expect(kept('http://gw.example/', 'a=1; Secure')).to.equal(false)
    expect(kept(own, 'a=1; SameSite=None')).to.equal(false)
    expect(kept(own, 'a=1; Domain=evil.example')).to.equal(false)
    expect(kept(own, 'a=1; SameSite=Lax', { ...OWN, sameSite: false, topLevelNavigation: false })).to.equal(false)
  })

  it('lets cookies end, and keeps to their paths', async () => {
    let now = 1_000
    browser = createBrowser({ now: () => now })
    browser.jar.store(own, 'short=1; Max-Age=5; Path=/', OWN)
    browser.jar.store(own, 'deep=1; Path=/a', OWN)
    expect((await browser.open(`${own}/a/b`)).body).to.equal('deep=1; short=1')
    expect((await browser.open(`${own}/ab`)).body).to.equal('short=1')
    now += 5_000
    expect((await browser.open(own)).body).to.equal('')
    browser.jar.store(own, 'deep=; Path=/a; Max-Age=0', OWN)
    expect(browser.jar.of(own)).to.deep.equal([])
  })

  it('does not go in circles for ever', async () => {
    const circle = await browser.open(`${own}/circle`).catch((error: Error) => error.message)
    expect(circle).to.be.a('string').that.includes('circles')
  })
})
