import { expect } from 'chai'
import { logoutToken } from '../../support/logout-token.ts'
import { startWebSocketWorld, type WebSocketWorld } from '../web-sockets/websocket-world.ts'
import { openStream, signOut } from './live-world.ts'

const OVER = { code: 4401, reason: 'the sign-in is over' }

describe('What lasts, and the session it was opened with', () => {
  let world: WebSocketWorld
  beforeEach(async () => {
    world = await startWebSocketWorld({
      SESSION_IDLE_TIMEOUT: '5',
      SESSION_ABSOLUTE_TIMEOUT: '60',
      WEBSOCKET_MESSAGES: 'off',
    })
  })
  afterEach(() => world.stop())

  it('end together when the person signs out, and nobody else is touched', async () => {
    const [alice, other] = [await world.session(), await world.session()]
    const sockets = [await world.open('/live', { headers: alice }), await world.open('/people', { headers: alice })]
    const stream = await openStream(world, alice)
    const elsewhere = await world.open('/live', { headers: other })
    const service = await world.open('/live', { headers: world.bearer() })
    expect(await signOut(world.gateway, alice)).to.equal(200)
    for (const socket of sockets) expect(await socket.closed).to.deep.equal(OVER)
    expect(await stream.ended()).to.equal('broken off')
    for (const socket of [elsewhere, service]) {
      socket.say('still here')
      expect(await socket.hears()).to.equal('still here')
    }
    expect((await world.refused('/live', { headers: alice })).status).to.equal(401)
  })

  it('end together when the provider says so', async () => {
    const session = await world.session()
    const socket = await world.open('/live', { headers: session })
    const stream = await openStream(world, session)
    world.clock.advance('1s')
    const answer = await world.client.ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${logoutToken(world.provider, world.clock.now())}`,
    })
    expect(answer.status).to.equal(200)
    expect(await socket.closed).to.deep.equal(OVER)
    expect(await stream.ended()).to.equal('broken off')
  })

  it('end together when nobody has done anything for the idle time', async () => {
    const session = await world.session()
    const socket = await world.open('/live', { headers: session })
    const stream = await openStream(world, session)
    world.clock.advance('6s')
    expect(await socket.closed).to.deep.equal(OVER)
    expect(await stream.ended()).to.equal('broken off')
  })

  it('go on when a request elsewhere prolongs the session', async () => {
    const session = await world.session()
    const socket = await world.open('/live', { headers: session })
    for (let i = 0; i < 3; i++) {
      world.clock.advance('3s')
      expect((await world.client.ask({ target: '/me', headers: session })).status).to.equal(200)
    }
    socket.say('still here')
    expect(await socket.hears()).to.equal('still here')
    world.clock.advance('6s')
    expect(await socket.closed).to.deep.equal(OVER)
  })

  it('go on while the client says something, which counts as a request', async () => {
    const session = await world.session()
    const socket = await world.open('/live', { headers: session })
    const idleEnd = async () => {
      const answer = await world.client.ask({ target: '/session', headers: session })
      return answer.status === 200 ? Date.parse(answer.json().data.idleExpiresAt) : 0
    }
    for (let i = 0; i < 3; i++) {
      world.clock.advance('3s')
      const before = await idleEnd()
      // Looked at every half a second; /session itself does not prolong anything.
      while ((await idleEnd()) <= before) {
        socket.say('I am here')
        await socket.hears()
      }
    }
    world.clock.advance('6s')
    expect(await socket.closed).to.deep.equal(OVER)
  })

  it('end at the absolute end of the session, however busy they are', async () => {
    const session = await world.session()
    const socket = await world.open('/live', { headers: session })
    for (let i = 0; i < 19; i++) {
      world.clock.advance('3s')
      expect((await world.client.ask({ target: '/me', headers: session })).status).to.equal(200)
    }
    socket.say('still here')
    expect(await socket.hears()).to.equal('still here')
    world.clock.advance('3s')
    expect(await socket.closed).to.deep.equal(OVER)
  })

  it('leave nothing behind when they end by themselves', async () => {
    const session = await world.session()
    const socket = await world.open('/live', { headers: session })
    const stream = await openStream(world, session)
    socket.ws.close(1000)
    stream.connection.destroy()
    await socket.closed
    expect((await world.line('/live')).closeCode).to.equal(1000)
    await world.line('/live/stream')
    expect(await signOut(world.gateway, session)).to.equal(200)
  })

  it('end also when the answer is no event stream but lasts', async () => {
    const session = await world.session()
    const { connection, ended } = await openStream(world, session, { type: 'application/x-ndjson' })
    expect(await signOut(world.gateway, session)).to.equal(200)
    expect(await ended()).to.equal('broken off')
    connection.destroy()
  })
})
