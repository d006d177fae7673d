import { expect } from 'chai'
import { rawClient } from '../../support/raw-client.ts'
import { startWebSocketWorld, type WebSocketWorld } from '../web-sockets/websocket-world.ts'
import { signOut } from './live-world.ts'

describe('A long poll, which the upstream has not begun to answer,', () => {
  let world: WebSocketWorld
  beforeEach(async () => {
    world = await startWebSocketWorld({ SESSION_IDLE_TIMEOUT: '5', SESSION_ABSOLUTE_TIMEOUT: '60' })
  })
  afterEach(() => world.stop())

  /** Asks for something that does not come, and resolves when the upstream has been asked. */
  async function poll(headers: Record<string, string>) {
    const asked = Promise.withResolvers<void>()
    const cutOff = Promise.withResolvers<void>()
    world.upstream.plainly('/live/poll', (req) => {
      asked.resolve()
      req.socket.once('close', () => cutOff.resolve())
    })
    const connection = await rawClient(world.gateway.port, new URL(world.gateway.url).host).connect()
    connection.send({ target: '/live/poll', headers })
    await asked.promise
    return { connection, cutOff: cutOff.promise }
  }

  it('is refused when the person signs out, and the upstream is told', async () => {
    const session = await world.session()
    const { connection, cutOff } = await poll(session)
    expect(await signOut(world.gateway, session)).to.equal(200)
    const answer = await connection.answer()
    expect([answer.status, answer.json().error.code]).to.deep.equal([401, 'AUTHENTICATION_REQUIRED'])
    await cutOff
    expect(await connection.servesAnother()).to.equal(true)
  })

  it('is refused when the session ends by itself', async () => {
    const { connection } = await poll(await world.session())
    world.clock.advance('6s')
    expect((await connection.answer()).status).to.equal(401)
  })

  it('is refused when the token is over', async () => {
    const { connection } = await poll(world.bearer())
    world.clock.advance('10m')
    expect((await connection.answer()).status).to.equal(401)
  })

  it('of somebody else goes on', async () => {
    const [session, other] = [await world.session(), await world.session()]
    const { connection } = await poll(other)
    const mine = await poll(session)
    expect(await signOut(world.gateway, session)).to.equal(200)
    await mine.connection.answer()
    expect(connection.received()).to.equal(0)
    connection.destroy()
  })
})
