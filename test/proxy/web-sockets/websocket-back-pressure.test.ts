import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import type { WebSocket } from 'ws'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

const PIECE = Buffer.alloc(64 * 1024, 'x')
const MANY = 600

/** Resolves when a number has not changed for two hundred turns of the event loop: nothing moves any more. */
async function standsStill(read: () => number): Promise<number> {
  for (let last = read(), quiet = 0; quiet < 200; quiet = read() === last ? quiet + 1 : 0) {
    last = read()
    await turn()
  }
  return read()
}

/** Says as much as the other side takes, and answers how much went out so far. */
function pourOut(socket: WebSocket): () => number {
  let written = 0
  let sent = 0
  const next = () => {
    if (sent === MANY || socket.readyState !== socket.OPEN) return
    sent++
    socket.send(PIECE, () => {
      written++
      next()
    })
  }
  next()
  return () => written
}

describe('A WebSocket between two of different pace', function () {
  this.timeout(60_000)
  let world: WebSocketWorld
  beforeEach(async () => {
    world = await startWebSocketWorld({ WEBSOCKET_MESSAGES: 'off' })
  })
  afterEach(() => world.stop())

  async function ends() {
    const arriving = world.upstream.next()
    const socket = await world.open('/public')
    const upstream = await arriving
    upstream.removeAllListeners('message')
    socket.ws.removeAllListeners('message')
    return { client: socket.ws, upstream }
  }

  for (const slow of ['client', 'upstream'] as const)
    it(`stops reading one side while the ${slow} does not read, and loses nothing`, async () => {
      const { client, upstream } = await ends()
      const [reader, writer] = slow === 'client' ? [client, upstream] : [upstream, client]
      reader.pause()
      const memory = process.memoryUsage.rss()
      const written = pourOut(writer)
      const stuck = await standsStill(written)
      // What the kernel's buffers and the gateway's bound hold; without the bound all of it would have gone out.
      expect(stuck).to.be.lessThan(MANY)
      expect(process.memoryUsage.rss() - memory).to.be.lessThan(64 * 1024 * 1024)
      let bytes = 0
      const all = new Promise<void>((resolve) =>
        reader.on('message', (data: Buffer) => {
          bytes += data.length
          if (bytes === MANY * PIECE.length) resolve()
        }),
      )
      reader.resume()
      await all
      expect(written()).to.equal(MANY)
      reader.terminate()
    })

  it('is not blocked in the one direction by the other', async () => {
    const { client, upstream } = await ends()
    const heard = new Promise<string>((resolve) => upstream.on('message', (data) => resolve(String(data))))
    client.pause()
    await standsStill(pourOut(upstream))
    client.send('still there')
    expect(await heard).to.equal('still there')
    client.terminate()
  })

  it('ends for both when the one that does not read goes', async () => {
    const { client, upstream } = await ends()
    const closed = new Promise((resolve) => upstream.on('close', resolve))
    client.pause()
    await standsStill(pourOut(upstream))
    client.terminate()
    expect(await closed).to.equal(1001)
  })

  it('ends for both when the one that is not read is told to go', async () => {
    const { client, upstream } = await ends()
    client.pause()
    await standsStill(pourOut(upstream))
    const closed = new Promise((resolve) => upstream.on('close', resolve))
    world.gateway.gateway.beginStopping()
    await closed
    expect((await world.line('/public')).closeCode).to.equal(1001)
  })
})
