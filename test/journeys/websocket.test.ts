import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { alice, eventually, fetchInPage, onBothProviders, signIn, type World } from './world/world.ts'

interface Heard {
  messages: string[]
  /** The close code, once there is one. */
  code: number | null
}

/** Opens a socket in the page that says hello; what it hears is read with `heard`. */
async function openInPage(page: Page, url: string): Promise<() => Promise<Heard>> {
  await page.evaluate((address) => {
    const heard: Heard = { messages: [], code: null }
    const socket = new WebSocket(address)
    socket.onopen = () => socket.send('hello')
    socket.onmessage = ({ data }) => heard.messages.push(String(data))
    socket.onclose = ({ code }) => {
      heard.code = code
    }
    Object.assign(globalThis, { heard })
  }, url)
  return () => page.evaluate(() => (globalThis as unknown as { heard: Heard }).heard)
}

async function signedIn({ browser, gateway }: World) {
  const context = await browser()
  const page = await context.newPage()
  await page.goto(`${gateway.url}/api/orders`)
  await signIn(page, alice)
  await page.locator('#orders').waitFor()
  return { context, page }
}

onBothProviders('A page with a WebSocket', (start) => {
  it('talks through it until somebody signs out in another tab', async () => {
    const world = await start()
    const { context, page } = await signedIn(world)
    const socketUrl = `${world.gateway.url.replace('http', 'ws')}/api/live?topic=orders`
    const heard = await openInPage(page, socketUrl)
    await eventually(heard, ({ messages }) => messages.includes('hello'))
    const { headers, url } = world.api.last()
    expect(url).to.equal('/api/live?topic=orders')
    expect(headers.authorization).to.match(/^Bearer eyJ/)
    expect(headers).to.include({ 'x-user-name': 'alice' })
    expect(headers).not.to.have.any.keys('cookie', 'sec-websocket-extensions')

    const other = await context.newPage()
    await other.goto(`${world.gateway.url}/api/orders`)
    const left = await fetchInPage(other, '/logout', { method: 'POST', headers: { 'X-CSRF': '1' } })
    expect(left.status).to.equal(200)
    expect((await eventually(heard, ({ code }) => code !== null)).code).to.equal(4401)

    const again = await openInPage(page, socketUrl)
    expect((await eventually(again, ({ code }) => code !== null)).code).to.equal(1006)
    expect(world.gateway.logText()).not.to.match(/eyJ/)
  })

  it('loses it when an administrator signs the person out, and so does one with an event stream', async () => {
    const world = await start()
    const { context, page } = await signedIn(world)
    const heard = await openInPage(page, `${world.gateway.url.replace('http', 'ws')}/api/live`)
    await eventually(heard, ({ messages }) => messages.includes('hello'))
    const listener = await context.newPage()
    await listener.goto(`${world.gateway.url}/api/orders`)
    await listener.evaluate(() => {
      const source = new EventSource('/api/orders/events')
      const told: string[] = []
      source.onmessage = ({ data }) => told.push(data)
      Object.assign(globalThis, { source, told })
    })
    const stream = () =>
      listener.evaluate(() => {
        const { source, told } = globalThis as unknown as { source: EventSource; told: string[] }
        return { state: source.readyState, told }
      })
    await eventually(stream, ({ told }) => told.includes('hello'))

    const users = await world.admin.call('GET', `/${world.realm}/users?username=alice&exact=true`)
    const [user] = (await users.json()) as { id: string }[]
    await world.admin.call('POST', `/${world.realm}/users/${user?.id}/logout`)
    expect((await eventually(heard, ({ code }) => code !== null)).code).to.equal(4401)
    // It tries again, is told 401, and gives up: 2 is CLOSED.
    await eventually(stream, ({ state }) => state === 2)
  })

  it('cannot be imitated by a page of a neighbour, to which the browser sends the same cookie', async () => {
    const world = await start()
    const { context } = await signedIn(world)
    const neighbour = await context.newPage()
    // Ports do not make sites, so this page's requests carry the Strict cookie.
    await neighbour.goto(world.api.url.replace('127.0.0.1', 'localhost'))
    const reached = () => world.api.calls.filter(({ url }) => url?.startsWith('/api/live')).length
    const before = reached()
    const heard = await openInPage(neighbour, `${world.gateway.url.replace('http', 'ws')}/api/live`)
    expect((await eventually(heard, ({ code }) => code !== null)).code).to.equal(1006)
    expect(reached()).to.equal(before)
    const lines = async () => world.gateway.logged().filter(({ path }) => path === '/api/live')
    const [line] = await eventually(lines, ({ length }) => length > 0)
    expect(line).to.include({ status: 403, refusal: 'ORIGIN_NOT_ALLOWED' })
  })
})
