import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { alice, bob, eventually, fetchInPage, onBothProviders, signIn } from './world/world.ts'

const JWT = /eyJ[\w-]{10,}\.[\w-]{10,}/

onBothProviders('A person signs in', (start) => {
  it('begins at a protected page, arrives there, and carries only the ticket', async () => {
    const { browser, gateway, api, provider } = await start()
    const context = await browser()
    const page = await context.newPage()
    const seen: string[] = []
    page.on('response', (response) => {
      if (!response.url().startsWith(provider.url))
        void response.text().then(
          (text) => seen.push(text),
          () => undefined,
        )
    })
    await page.goto(`${gateway.url}/api/orders/7?page=2`)
    expect(new URL(page.url()).origin).to.equal(provider.url)
    await signIn(page, alice)
    await page.waitForURL(`${gateway.url}/api/orders/7?page=2`)
    await page.locator('#orders').waitFor()

    const call = api.last()
    expect(call.url).to.equal('/api/orders/7?page=2')
    expect(call.headers.authorization).to.match(/^Bearer eyJ/)
    expect(call.headers['x-user-name']).to.equal('alice')
    expect(call.headers['x-user-roles']).to.include('realm:customer')
    expect(call.headers.cookie).to.equal(undefined)

    const me = await fetchInPage(page, '/me')
    expect(me.status).to.equal(200)
    expect(JSON.parse(me.body).data.user).to.include({
      username: 'alice',
      email: 'alice@example.com',
      authMethod: 'session',
    })
    expect(JSON.parse((await fetchInPage(page, '/session')).body).data.active).to.equal(true)

    const ours = (await context.cookies()).filter(({ domain }) => domain === 'localhost')
    expect(ours.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite }))).to.deep.equal([
      { name: 'cloakroom', httpOnly: true, sameSite: 'Strict' },
    ])
    expect(await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })')).to.equal(
      '{}',
    )
    expect([...seen, me.body, gateway.logText()].filter((text) => JWT.test(text))).to.deep.equal([])
  })

  it('arrives signed in by a link on a foreign site', async () => {
    const { browser, gateway, provider } = await start()
    const foreign = createServer((_req, res) => {
      res
        .setHeader('content-type', 'text/html')
        .end(`<a id="link" href="${gateway.url}/api/orders/1">to the orders</a>`)
    }).listen(0, '127.0.0.1')
    await once(foreign, 'listening')
    const page = await (await browser()).newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    const providerVisits: string[] = []
    page.on('request', (request) => request.url().startsWith(provider.url) && providerVisits.push(request.url()))

    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
    await page.click('#link')
    await page.waitForURL(`${gateway.url}/api/orders/1`)
    await page.locator('#orders').waitFor()
    expect(providerVisits, 'no new login was needed').to.deep.equal([])
    foreign.close()
  })

  it('signs in in two tabs at once', async () => {
    const { browser, gateway } = await start()
    const context = await browser()
    const [first, second] = [await context.newPage(), await context.newPage()]
    await first.goto(`${gateway.url}/api/orders/1`)
    await second.goto(`${gateway.url}/api/orders/2`)
    await signIn(second, alice)
    await second.waitForURL(`${gateway.url}/api/orders/2`)
    await first.bringToFront()
    // Keycloak's login page may notice by itself that somebody has signed in; if not, the form is sent here too.
    await eventually(
      async () => {
        if (!first.url().startsWith(gateway.url)) await signIn(first, alice, { timeout: 3_000 }).catch(() => undefined)
        return first.url()
      },
      (url) => url === `${gateway.url}/api/orders/1`,
    )
    await first.locator('#orders').waitFor()
    for (const page of [first, second]) expect((await fetchInPage(page, '/me')).status).to.equal(200)
  })

  it('signs out and finds the cookie dead, here and at the provider', async () => {
    const { browser, gateway } = await start()
    const context = await browser()
    const page = await context.newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    const cookie = (await context.cookies()).find(({ name }) => name === 'cloakroom')

    const { status, body } = await fetchInPage(page, '/logout', { method: 'POST', headers: { 'X-CSRF': '1' } })
    expect(status).to.equal(200)
    await page.goto(JSON.parse(body).data.logoutUrl)
    await page.waitForURL((url) => url.origin === gateway.url && url.pathname === '/')
    const replayed = await fetch(`${gateway.url}/me`, { headers: { cookie: `cloakroom=${cookie?.value}` } })
    expect(replayed.status).to.equal(401)
    await page.goto(`${gateway.url}/api/orders`)
    await page.locator('#username').waitFor()
  })

  it('signs out with a plain form on a page that sends no referrer', async () => {
    const { browser, gateway } = await start()
    const page = await (await browser()).newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    await page.goto(`${gateway.url}/public/page`)
    await page.evaluate(
      `document.body.innerHTML = '<form method="post" action="/logout"><button>Sign out</button></form>'`,
    )
    await page.locator('button').click()
    await page.waitForURL((url) => url.origin === gateway.url && url.pathname === '/')
    await page.goto(`${gateway.url}/public/page`)
    expect((await fetchInPage(page, '/me')).status).to.equal(401)
  })

  it('is refused without the role, with a page and with JSON', async () => {
    const { browser, gateway, api } = await start()
    const page = await (await browser()).newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, bob)
    await page.waitForURL(`${gateway.url}/api/orders`)
    expect(await page.locator('h1').textContent()).to.equal('You may not see this page')
    await page.goto(`${gateway.url}/public/page`)
    const seen = api.calls.length
    const answer = await fetchInPage(page, '/api/orders')
    expect(answer.status).to.equal(403)
    expect(JSON.parse(answer.body).error).to.deep.include({ code: 'INSUFFICIENT_PERMISSIONS' })
    expect(api.calls.length).to.equal(seen)
  })

  it('goes on with renewed tokens when the access token has run out', async () => {
    const { browser, gateway, api } = await start({ accessTokenLifespan: 5 })
    const page = await (await browser()).newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    const before = api.last().headers.authorization
    await eventually(
      () =>
        fetchInPage(page, '/api/orders').then(({ status }) => ({ status, token: api.last().headers.authorization })),
      ({ status, token }) => status === 200 && token !== before,
    )
    const expiry = JSON.parse(
      Buffer.from(api.last().headers.authorization?.split('.')[1] ?? '', 'base64url').toString(),
    ).exp
    expect(expiry * 1000).to.be.greaterThan(Date.now())
  })
})
