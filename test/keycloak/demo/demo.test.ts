import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect } from 'chai'
import { type Browser, createBrowser, type Page } from '../../support/browser.ts'
import { freePort } from '../../support/free-port.ts'

type Demo = { child: ChildProcess; output: () => string; url: string; provider: string; ended: Promise<number | null> }

async function run(env: Record<string, string> = {}): Promise<Demo> {
  const [port, standInPort, managementPort] = [await freePort(), await freePort(), await freePort()]
  const ports = { PORT: `${port}`, STAND_IN_PORT: `${standInPort}`, MANAGEMENT_PORT: `${managementPort}` }
  const { REDIS_URL: _redis, KEYCLOAK_SERVER_URL: _keycloak, ENV: _env, ...inherited } = process.env
  const child = spawn(process.execPath, ['keycloak/demo.ts'], { env: { ...inherited, ...ports, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    child,
    output: () => output,
    url: `http://localhost:${port}`,
    provider: `http://127.0.0.1:${standInPort}`,
    ended,
  }
}

async function isReady({ child, output }: Demo) {
  while (!output().includes('Stop with Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(`The demo ended: ${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function signIn(browser: Browser, page: Page, username: string, password: string): Promise<Page> {
  const action = /<form id="kc-form-login" action="([^"]+)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
  return browser.submit(page.url, action, { username, password })
}

describe('The demo', function () {
  this.timeout(60_000)

  it('leads from nothing to a signed-in browser and back, and ends in order', async () => {
    const demo = await run()
    await isReady(demo)
    const browser = createBrowser()
    const form = await browser.open(`${demo.url}/login?returnTo=/`)
    const home = await signIn(browser, form, 'alice', 'wonderland-demo')
    const me = (await browser.fetch(`${demo.url}/me`)).json()
    const orders = (await browser.fetch(`${demo.url}/api/orders`)).json()
    const whoami = (await browser.fetch(`${demo.url}/api/whoami`)).json()
    const placed = await browser.fetch(`${demo.url}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf': '1' },
      body: JSON.stringify({ item: 'Umbrella', quantity: 1 }),
    })
    const administrator = createBrowser()
    const asked = await administrator.open(`${demo.url}/login?returnTo=/`)
    await signIn(administrator, asked, 'ada', 'lovelace-demo')
    // The example of docs/service-clients.md.
    const registered = await administrator.fetch(`${demo.url}/api/v1/clients`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf': '1' },
      body: JSON.stringify({ clientId: 'svc-till', name: 'Till 4', scopes: ['orders.read'], lifetimeSeconds: 120 }),
    })
    const out = await browser.submit(`${demo.url}/`, `${demo.url}/logout`)
    const nobody = await browser.fetch(`${demo.url}/me`)
    demo.child.kill('SIGINT')

    expect(form.url).to.match(new RegExp(`^${demo.provider}/realms/demo/`))
    expect(home.url).to.equal(`${demo.url}/`)
    expect(home.body).to.include('<title>Cloakroom demo</title>')
    expect(me.data.user.username).to.equal('alice')
    expect(orders.orders).to.have.lengthOf(3)
    expect(whoami).to.include({ name: 'alice', tokenArrived: true })
    expect(placed.status).to.equal(201)
    expect(registered.status).to.equal(201)
    expect(new URL(out.url).origin + new URL(out.url).pathname).to.equal(`${demo.url}/`)
    expect(nobody.status).to.equal(401)
    expect(await demo.ended).to.equal(0)
    expect(demo.output()).to.include(`Cloakroom is ready:  ${demo.url}`)
    for (const password of ['wonderland-demo', 'builder-demo-pw', 'lovelace-demo'])
      expect(demo.output()).to.include(password)
  })

  it('names the port that is taken, who needs it, and how to move it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const taken = typeof address === 'object' && address !== null ? address.port : 0
    const demo = await run({ STAND_IN_PORT: String(taken) })
    const code = await demo.ended
    other.close()

    expect(code).to.equal(1)
    expect(demo.output()).to.include(`Port ${taken}, which the stand-in for Keycloak needs, is taken.`)
    expect(demo.output()).to.include(`npm run demo`)
  })

  const refusals = [
    { what: 'production', env: { ENV: 'prod' }, says: 'The demo does not run with ENV=prod' },
    { what: 'a port that is none', env: { PORT: 'abc' }, says: 'PORT is "abc", but a port is a whole number' },
    { what: 'a realm file with an empty secret', env: { CLOAKROOM_CLIENT_SECRET: '' }, says: 'demo-realm.json' },
  ]
  for (const { what, env, says } of refusals) {
    it(`is refused in ${what}`, async () => {
      const demo = await run(env)

      expect(await demo.ended).to.equal(1)
      expect(demo.output()).to.include(says)
    })
  }
})
