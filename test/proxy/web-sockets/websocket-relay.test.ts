import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

describe('A WebSocket through the gateway', () => {
  let world: WebSocketWorld
  before(async () => {
    world = await startWebSocketWorld()
  })
  after(() => world.stop())

  it('carries text and bytes both ways, whole', async () => {
    const socket = await world.open('/public')
    socket.say('hello')
    expect(await socket.hears()).to.equal('hello')
    const bytes = randomBytes(300_000)
    socket.say(bytes)
    expect((await socket.hears()) as Buffer).to.deep.equal(bytes)
    socket.say('')
    expect(await socket.hears()).to.equal('')
    socket.ws.close(1000, 'done')
    expect(await socket.closed).to.deep.equal({ code: 1000, reason: 'done' })
  })

  it('carries a message that comes in fragments as one', async () => {
    const socket = await world.open('/public')
    socket.ws.send('one ', { fin: false })
    socket.ws.send('two ', { fin: false })
    socket.ws.send('three', { fin: true })
    expect(await socket.hears()).to.equal('one two three')
    socket.ws.terminate()
  })

  it('loses nothing that the upstream says before anyone has asked', async () => {
    world.upstream.serve('/public/eager', (socket) => {
      socket.send('first')
      socket.send('second')
    })
    const socket = await world.open('/public/eager')
    expect([await socket.hears(), await socket.hears()]).to.deep.equal(['first', 'second'])
    socket.ws.terminate()
  })

  it('keeps the address byte for byte, and maps it as the route says', async () => {
    const target = `/based/a%20b/(c)?q='"<>|{}%2e%2E&x=[1]`
    const socket = await world.open('/public')
    socket.ws.terminate()
    const connection = await world.client.connect()
    connection.send({
      target,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    })
    const head = await connection.head()
    expect(head.status).to.equal(101)
    expect(head.header('sec-websocket-accept')).to.equal('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
    expect(world.upstream.last().target).to.equal(target.replace('/based', '/base'))
    connection.destroy()
  })

  it('leaves one line in the log when it is closed', async () => {
    const socket = await world.open('/public/logged')
    socket.say('hello')
    await socket.hears()
    socket.ws.close(4000)
    await socket.closed
    const { status, closeCode, messagesIn, messagesOut, bytesIn, bytesOut, route } = await world.line('/public/logged')
    expect({ status, closeCode, messagesIn, messagesOut, bytesIn, bytesOut, route }).to.deep.equal({
      ...{ status: 101, closeCode: 4000, route: 'public' },
      ...{ messagesIn: 1, messagesOut: 1, bytesIn: 5, bytesOut: 5 },
    })
  })
})
