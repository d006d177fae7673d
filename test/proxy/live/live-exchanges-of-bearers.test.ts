import { expect } from 'chai'
import { oauthClient } from '../../service-tokens/oauth-client.ts'
import { the } from '../../support/the.ts'
import { startWebSocketWorld, type WebSocketWorld } from '../web-sockets/websocket-world.ts'
import { openStream } from './live-world.ts'

const OVER = { code: 4401, reason: 'the sign-in is over' }

describe('What lasts, and the token it was opened with', () => {
  let world: WebSocketWorld
  beforeEach(async () => {
    world = await startWebSocketWorld({ JWT_LEEWAY: '30', RATE_LIMIT_MANAGEMENT: 'off' })
  })
  afterEach(() => world.stop())

  const tokenFor = (seconds: number) => {
    const now = Math.floor(world.clock.now() / 1000)
    return world.provider.accessToken({ claims: { exp: now + seconds, azp: the.clientId } })
  }

  it('end together when the token expires', async () => {
    const headers = { Authorization: `Bearer ${tokenFor(60)}` }
    const [short, offered, long] = [
      await world.open('/live', { headers }),
      await world.open('/live', { protocols: ['chat', `bearer.${tokenFor(60)}`] }),
      await world.open('/live', { headers: { Authorization: `Bearer ${tokenFor(600)}` } }),
    ]
    const stream = await openStream(world, headers)
    world.clock.advance('61s')
    expect(await short?.closed).to.deep.equal(OVER)
    expect(await offered?.closed).to.deep.equal(OVER)
    expect(await stream.ended()).to.equal('broken off')
    long?.say('still here')
    expect(await long?.hears()).to.equal('still here')
  })

  it('may begin in the leeway of an expired token, and then end with the leeway', async () => {
    const headers = { Authorization: `Bearer ${tokenFor(-10)}` }
    const socket = await world.open('/live', { headers })
    socket.say('let in')
    expect(await socket.hears()).to.equal('let in')
    world.clock.advance('21s')
    expect(await socket.closed).to.deep.equal(OVER)
    expect((await world.refused('/live', { headers })).status).to.equal(401)
  })

  it('end together when the token is revoked', async () => {
    const token = tokenFor(600)
    const headers = { Authorization: `Bearer ${token}` }
    const socket = await world.open('/live', { headers })
    const stream = await openStream(world, headers)
    expect((await oauthClient(world.gateway.url)('revoke', { token })).status).to.equal(200)
    expect(await socket.closed).to.deep.equal(OVER)
    expect(await stream.ended()).to.equal('broken off')
  })
})
