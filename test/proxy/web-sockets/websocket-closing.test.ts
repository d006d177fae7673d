import { expect } from 'chai'
import type { WebSocket } from 'ws'
import type { TestSocket } from '../../support/socket-client.ts'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

interface Ends {
  socket: TestSocket
  upstream: WebSocket
  /** How the upstream was closed. */
  upstreamClosed: Promise<{ code: number; reason: string }>
}

/** Writes bytes past the client's library. */
function raw(socket: WebSocket, bytes: number[] | Buffer): void {
  ;(socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.from(bytes))
}
const connectionOf = (socket: WebSocket) =>
  (socket as unknown as { _socket: { resetAndDestroy(): void; end(): void; destroy(): void } })._socket

describe('A WebSocket is closed', () => {
  let world: WebSocketWorld
  before(async () => {
    world = await startWebSocketWorld({ WEBSOCKET_MAX_MESSAGE: '1000', WEBSOCKET_MESSAGES: '5/600' })
  })
  after(() => world.stop())

  async function opened(path = '/public'): Promise<Ends> {
    const arriving = world.upstream.next()
    const socket = await world.open(path)
    const upstream = await arriving
    const upstreamClosed = new Promise<{ code: number; reason: string }>((resolve) =>
      upstream.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
    )
    return { socket, upstream, upstreamClosed }
  }

  for (const [code, reason] of [
    [1000, 'done'],
    [1001, ''],
    [1011, 'oops'],
    [3000, 'ünïcödé'],
    [4401, 'its own'],
    [4999, 'x'.repeat(123)],
  ] as const) {
    it(`by the client with ${code}, and the upstream hears it`, async () => {
      const { socket, upstreamClosed } = await opened()
      socket.ws.close(code, reason)
      expect(await upstreamClosed).to.deep.equal({ code, reason })
      expect(await socket.closed).to.deep.equal({ code, reason })
    })

    it(`by the upstream with ${code}, and the client hears it`, async () => {
      const { socket, upstream, upstreamClosed } = await opened()
      upstream.close(code, reason)
      expect(await socket.closed).to.deep.equal({ code, reason })
      expect(await upstreamClosed).to.deep.equal({ code, reason })
    })
  }

  it('without a code, and then the other side hears none either', async () => {
    const one = await opened()
    one.socket.ws.close()
    expect(await one.upstreamClosed).to.deep.equal({ code: 1005, reason: '' })
    const other = await opened()
    other.upstream.close()
    expect(await other.socket.closed).to.deep.equal({ code: 1005, reason: '' })
  })

  it('after everything that was said before has arrived', async () => {
    world.upstream.serve('/public/last-words', (socket) => {
      for (let i = 0; i < 500; i++) socket.send('x'.repeat(900))
      socket.close(1000, 'that was all')
    })
    const socket = await world.open('/public/last-words')
    for (let i = 0; i < 500; i++) expect(await socket.hears()).to.have.length(900)
    expect(await socket.closed).to.deep.equal({ code: 1000, reason: 'that was all' })
  })

  /** What a client does wrong, and the code with which it is told. */
  const faults: readonly (readonly [what: string, code: number, act: (socket: WebSocket) => void])[] = [
    ['a message that is too big', 1009, (socket) => socket.send('x'.repeat(1_001))],
    [
      'one that grows too big in fragments',
      1009,
      (socket) => [1, 2, 3].map(() => socket.send('x'.repeat(500), { fin: false })),
    ],
    [
      'one that only says it is too big',
      1009,
      (socket) => raw(socket, [0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4]),
    ],
    ['text that is not UTF-8', 1007, (socket) => socket.send(Buffer.from([0xc3, 0x28]), { binary: false })],
    [
      'text that breaks off in a character',
      1007,
      (socket) => socket.send(Buffer.from([0xe2, 0x82]), { binary: false }),
    ],
    ['a frame without a mask', 1002, (socket) => raw(socket, [0x81, 0x01, 0x61])],
    ['an unknown kind of frame', 1002, (socket) => raw(socket, [0x83, 0x80, 1, 2, 3, 4])],
    ['a compressed frame that was not agreed on', 1002, (socket) => raw(socket, [0xc1, 0x80, 1, 2, 3, 4])],
    ['a ping in fragments', 1002, (socket) => raw(socket, [0x09, 0x80, 1, 2, 3, 4])],
    ['a continuation of nothing', 1002, (socket) => raw(socket, [0x80, 0x80, 1, 2, 3, 4])],
    ['a close code nobody may send', 1002, (socket) => raw(socket, [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed])],
    ['more messages than it may send', 1008, (socket) => [1, 2, 3, 4, 5, 6].map((i) => socket.send(String(i)))],
    ['more pings than it may send', 1008, (socket) => [1, 2, 3, 4, 5, 6].map(() => socket.ping())],
  ]
  for (const [what, code, act] of faults)
    it(`with ${code} when the client sends ${what}; the upstream hears 1001`, async () => {
      const { socket, upstreamClosed } = await opened('/public/fault')
      act(socket.ws)
      expect((await socket.closed).code).to.equal(code)
      expect((await upstreamClosed).code).to.equal(1001)
    })

  const upstreamFaults: readonly (readonly [what: string, code: number, act: (socket: WebSocket) => void])[] = [
    ['sends a message that is too big', 1009, (socket) => socket.send('x'.repeat(1_001))],
    ['sends text that is not UTF-8', 1007, (socket) => socket.send(Buffer.from([0xc3, 0x28]), { binary: false })],
    ['masks a frame', 1002, (socket) => raw(socket, [0x81, 0x81, 1, 2, 3, 4, 0x60])],
  ]
  for (const [what, code, act] of upstreamFaults)
    it(`with 1014 when the upstream ${what}, which itself hears ${code}`, async () => {
      const { socket, upstream, upstreamClosed } = await opened()
      act(upstream)
      expect((await socket.closed).code).to.equal(1014)
      expect((await upstreamClosed).code).to.equal(code)
    })

  const ways: Record<string, (socket: WebSocket) => void> = {
    'breaks the connection': (socket) => connectionOf(socket).resetAndDestroy(),
    'ends the connection': (socket) => connectionOf(socket).destroy(),
    'closes its half of the connection': (socket) => connectionOf(socket).end(),
  }
  for (const [what, act] of Object.entries(ways)) {
    it(`with 1014 when the upstream ${what} without a word`, async () => {
      const { socket, upstream } = await opened()
      act(upstream)
      expect((await socket.closed).code).to.equal(1014)
    })

    it(`for the upstream with 1001 when the client ${what} without a word`, async () => {
      const { socket, upstreamClosed } = await opened()
      act(socket.ws)
      expect((await upstreamClosed).code).to.equal(1001)
    })
  }

  it('with 1001 when the gateway stops, and no new one is opened', async () => {
    const ends = [await opened(), await opened(), await opened()]
    world.gateway.gateway.beginStopping()
    for (const { socket, upstreamClosed } of ends) {
      expect(await socket.closed).to.deep.equal({ code: 1001, reason: 'the gateway is restarting' })
      expect((await upstreamClosed).code).to.equal(1001)
    }
    const refusal = await world.refused('/public')
    expect(refusal.status).to.equal(503)
    expect(refusal.body).to.contain('SHUTTING_DOWN')
  })
})
