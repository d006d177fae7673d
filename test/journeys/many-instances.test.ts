import { expect } from 'chai'
import { rawClient } from '../support/raw-client.ts'
import { sharedKeys, startInstances } from './world/instances.ts'
import { startTokenProxy, type TokenProxy } from './world/token-proxy.ts'
import { alice, eventually, onBothProviders, signIn, type World } from './world/world.ts'

onBothProviders('Three gateways', (start) => {
  const closing: (() => Promise<void>)[] = []
  // Before the world goes, so that nobody misses its Redis.
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  interface Setting {
    world: World
    proxy: TokenProxy
    /** Signs alice in and answers her ticket. */
    ticket: string
    /** The status at each instance, asked all at once, so many times in all. */
    ask(calls?: number): Promise<number[]>
    signInPage: Awaited<ReturnType<World['browser']>>
  }

  async function signedIn(realm: object): Promise<Setting> {
    const proxy = await startTokenProxy()
    closing.push(proxy.close)
    const env = { ...sharedKeys(), KEYCLOAK_INTERNAL_URL: proxy.url }
    const world = await start(realm, env)
    proxy.target = world.provider.url
    const others = await startInstances(world, 2, env)
    closing.push(others.stop)
    const context = await world.browser()
    const page = await context.newPage()
    await page.goto(`${world.gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    const ticket = (await context.cookies()).find(({ name }) => name === 'cloakroom')?.value ?? ''
    const clients = [rawClient(world.gateway.port), ...others.instances.map(({ client }) => client)]
    const ask = async (calls = 3) => {
      const headers = { Cookie: `cloakroom=${ticket}`, 'Sec-Fetch-Site': 'same-origin' }
      const asked = Array.from({ length: calls }, (_, i) => clients[i % 3]?.ask({ target: '/api/orders', headers }))
      return (await Promise.all(asked)).map((answer) => answer?.status ?? 0)
    }
    return { world, proxy, ticket, ask, signInPage: context }
  }

  const everyone = (status: number, calls = 3) => Array.from({ length: calls }, () => status)
  const passed = (seconds: number) => {
    const end = Date.now() + seconds * 1_000
    return eventually(
      async () => Date.now(),
      (now) => now > end,
    )
  }

  for (const reuse of [0, 1]) {
    it(`renew an expired session once for 100 calls, with refreshTokenMaxReuse ${reuse}`, async () => {
      const life = 8
      const { ask, proxy } = await signedIn({
        accessTokenLifespan: life,
        revokeRefreshToken: true,
        refreshTokenMaxReuse: reuse,
      })
      expect(await ask()).to.deep.equal(everyone(200))
      const before = proxy.refreshes()
      await passed(life)
      expect(await ask(100)).to.deep.equal(everyone(200, 100))
      expect(proxy.refreshes()).to.equal(before + 1)
      expect(await ask(), 'the session lives on').to.deep.equal(everyone(200))
    })
  }

  it('survive the loss of a refresh answer where the realm forgives one reuse', async () => {
    const { ask, proxy } = await signedIn({ accessTokenLifespan: 4, revokeRefreshToken: true, refreshTokenMaxReuse: 1 })
    await passed(4)
    proxy.loseNextAnswer()
    expect((await ask(1))[0]).to.equal(503)
    expect(await ask()).to.deep.equal(everyone(200))
  })

  it('lose the session with the answer where it forgives none; nobody is let in, and a new sign-in works', async () => {
    const { ask, proxy, world, signInPage } = await signedIn({
      accessTokenLifespan: 4,
      revokeRefreshToken: true,
      refreshTokenMaxReuse: 0,
    })
    await passed(4)
    proxy.loseNextAnswer()
    expect((await ask(1))[0]).to.equal(503)
    expect(await ask()).to.deep.equal(everyone(401))
    const page = await signInPage.newPage()
    await page.goto(`${world.gateway.url}/api/orders`)
    await page.locator('#orders').waitFor()
  })

  it('all refuse a session when an administrator has signed the person out', async () => {
    const { ask, world } = await signedIn({})
    expect(await ask()).to.deep.equal(everyone(200))
    const users = (await (await world.admin.call('GET', `/${world.realm}/users?username=alice&exact=true`)).json()) as {
      id: string
    }[]
    await world.admin.call('POST', `/${world.realm}/users/${users[0]?.id}/logout`)
    expect(await ask()).to.deep.equal(everyone(401))
  })

  it('all refuse a session when the person has signed out at another client of the single sign-on', async () => {
    const { ask, world, signInPage } = await signedIn({})
    expect(await ask()).to.deep.equal(everyone(200))
    const page = await signInPage.newPage()
    const signOut = `/realms/${world.realm}/protocol/openid-connect/logout?client_id=account-console`
    await page.goto(world.provider.url + signOut)
    await page.locator('#kc-logout').click()
    await page.waitForLoadState()
    expect(await ask()).to.deep.equal(everyone(401))
  })
})
