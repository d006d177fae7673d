import { expect } from 'chai'
import { alice, eventually, fetchInPage, onBothProviders, signIn } from './world/world.ts'

onBothProviders('Something is down', (start) => {
  it('Keycloak stops and starts again: sessions and tokens go on, logins wait, nobody is signed out', async () => {
    const { browser, gateway, provider, serviceToken } = await start()
    const context = await browser()
    const page = await context.newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    const token = await serviceToken()
    const bearer = () =>
      fetch(`${gateway.url}/api/orders`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
    expect(await bearer()).to.equal(200)

    await provider.goDown()
    expect((await fetchInPage(page, '/api/orders')).status).to.equal(200)
    expect(await bearer()).to.equal(200)
    const stranger = await (await browser()).newPage()
    const refused = await eventually(
      () => stranger.goto(`${gateway.url}/login`).catch(() => null),
      (response) => response?.status() === 503,
    )
    expect(refused?.headers()['retry-after']).to.match(/^\d+$/)
    expect(await stranger.locator('a.act').textContent()).to.equal('Try again')
    expect((await fetch(`${gateway.url}/health`)).status).to.equal(200)

    await provider.comeBack()
    expect((await fetchInPage(page, '/api/orders')).status).to.equal(200)
    const back = await (await browser()).newPage()
    await eventually(
      () => back.goto(`${gateway.url}/login?returnTo=/api/orders`).then((response) => response?.status() ?? 0),
      (status) => status === 200,
    )
    await signIn(back, alice)
    await back.locator('#orders').waitFor()
  })

  it('Redis hangs for a while: 503 in between, never a wrong answer, and the session is still there', async () => {
    const { browser, gateway, redis } = await start()
    const context = await browser()
    const page = await context.newPage()
    await page.goto(`${gateway.url}/api/orders`)
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    const cookieBefore = (await context.cookies()).find(({ name }) => name === 'cloakroom')?.value

    await redis.pause()
    const answers = new Set<number>()
    await eventually(
      async () => {
        const { status } = await fetchInPage(page, '/api/orders')
        answers.add(status)
        return status
      },
      (status) => status === 503,
    )
    expect([...answers].every((status) => status === 200 || status === 503)).to.equal(true)
    expect((await fetch(`${gateway.url}/ready`)).status).to.equal(503)
    expect((await fetch(`${gateway.url}/public/page`)).status).to.equal(200)

    await redis.resume()
    await eventually(
      () => fetchInPage(page, '/api/orders'),
      ({ status }) => status === 200,
    )
    expect((await context.cookies()).find(({ name }) => name === 'cloakroom')?.value).to.equal(cookieBefore)
  })

  it('Redis dies and comes back empty: 503 in between, then a new sign-in works, without a restart', async () => {
    const { browser, gateway, redis } = await start()
    const page = await (await browser()).newPage()
    await page.goto(`${gateway.url}/public/page`)
    await redis.kill()
    const login = await eventually(
      () => page.goto(`${gateway.url}/login`),
      (response) => response?.status() === 503,
    )
    expect(login?.headers()['retry-after']).to.match(/^\d+$/)
    await redis.restart()
    await eventually(
      () => page.goto(`${gateway.url}/login?returnTo=/api/orders`).then((response) => response?.status()),
      (status) => status === 200,
    )
    await signIn(page, alice)
    await page.locator('#orders').waitFor()
    expect((await fetchInPage(page, '/session')).status).to.equal(200)
  })
})
