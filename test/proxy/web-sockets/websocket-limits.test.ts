import { expect } from 'chai'
import type { TestSocket } from '../../support/socket-client.ts'
import { the } from '../../support/the.ts'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

describe('WebSockets are limited', () => {
  const worlds: WebSocketWorld[] = []
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.stop()
  })
  async function start(env: Record<string, string>): Promise<WebSocketWorld> {
    const world = await startWebSocketWorld(env)
    worlds.push(world)
    return world
  }
  async function closed(socket: TestSocket): Promise<void> {
    socket.ws.close()
    await socket.closed
  }
  /** The place is free once the line is written. */
  const over = (world: WebSocketWorld, count: number) => async () => {
    while (world.gateway.logged().filter(({ closeCode }) => closeCode !== undefined).length < count)
      await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('per caller: 429 until one is closed, whatever credential they come with', async () => {
    const world = await start({ WEBSOCKET_MAX_PER_CALLER: '2' })
    const first = await world.open('/live', { headers: await world.session() })
    await world.open('/services', { headers: world.bearer() })
    const refusal = await world.refused('/live', { headers: world.bearer() })
    expect(refusal.status).to.equal(429)
    expect(refusal.body).to.contain('TOO_MANY_WEBSOCKETS')
    expect(refusal.headers['retry-after']).to.match(/^\d+$/)
    await world.open('/live', { headers: world.bearer(the.bob()) })
    await closed(first)
    await over(world, 1)()
    await world.open('/live', { headers: world.bearer() })
  })

  it('per address where nobody is known', async () => {
    const world = await start({ WEBSOCKET_MAX_PER_CALLER: '1' })
    await world.open('/public')
    expect((await world.refused('/public')).status).to.equal(429)
    await world.open('/live', { headers: world.bearer() })
  })

  it('per gateway: 503', async () => {
    const world = await start({ WEBSOCKET_MAX: '2' })
    await world.open('/public')
    await world.open('/live', { headers: world.bearer() })
    const refusal = await world.refused('/services', { headers: world.bearer(the.bob()) })
    expect(refusal.status).to.equal(503)
    expect(refusal.body).to.contain('WEBSOCKETS_EXHAUSTED')
  })

  it('and a place is given back when nothing was opened', async () => {
    const world = await start({ WEBSOCKET_MAX: '1' })
    world.upstream.answer(
      '/public/no',
      (connection) => void connection.end('HTTP/1.1 403 x\r\nContent-Length: 0\r\n\r\n'),
    )
    for (let i = 0; i < 3; i++) expect((await world.refused('/public/no')).status).to.equal(403)
    for (let i = 0; i < 3; i++) expect((await world.refused('/dead')).status).to.equal(502)
    await closed(await world.open('/public'))
  })

  it('in how many are opened: the general limit and the one of the route count them as requests', async () => {
    const world = await start({ RATE_LIMIT_DEFAULT: '3/600' })
    for (let i = 0; i < 2; i++) await closed(await world.open('/limited'))
    const own = await world.refused('/limited')
    expect(own.status).to.equal(429)
    expect(own.body).to.contain('RATE_LIMITED')
    expect((await world.refused('/public')).status).to.equal(429)
  })

  it('in their silence: 1001 after the idle time', async () => {
    const world = await start({ WEBSOCKET_IDLE_TIMEOUT: '1' })
    const socket = await world.open('/public')
    expect(await socket.closed).to.deep.equal({ code: 1001, reason: 'nothing was said for long' })
  })

  it('in how long a side may be deaf: who does not answer pings is cut off, and the other side is told', async () => {
    const world = await start({ WEBSOCKET_PING_INTERVAL: '1' })
    const deaf = await world.client.connect()
    deaf.send({
      target: '/public/deaf',
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    })
    expect((await deaf.head()).status).to.equal(101)
    const lively = await world.open('/public/lively')
    await deaf.closed()
    expect((await world.line('/public/deaf')).closeCode).to.equal(1006)
    lively.say('still here')
    expect(await lively.hears()).to.equal('still here')
  })

  it('and are counted', async () => {
    const world = await start({})
    const socket = await world.open('/public')
    socket.say('hello')
    await socket.hears()
    const read = async () => (await fetch(`${world.gateway.managementUrl}/metrics`)).text()
    expect(await read()).to.contain('cloakroom_websockets_open{route="public"} 1')
    socket.ws.close(4123)
    await socket.closed
    await over(world, 1)()
    const text = await read()
    expect(text).to.contain('cloakroom_websockets_open{route="public"} 0')
    expect(text).to.contain('cloakroom_websockets_closed_total{route="public",code="4xxx"} 1')
    expect(text).to.contain('cloakroom_websocket_messages_total{route="public",direction="in"} 1')
    expect(text).to.contain('cloakroom_websocket_messages_total{route="public",direction="out"} 1')
  })
})
