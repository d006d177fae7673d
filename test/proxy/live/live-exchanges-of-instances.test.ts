import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import type { GatewayUnderTest } from '../../support/gateway.ts'
import { logoutToken } from '../../support/logout-token.ts'
import { rawClient } from '../../support/raw-client.ts'
import { needRedis, type RedisServer, startRedis } from '../../support/redis-server.ts'
import { openSocket, type TestSocket } from '../../support/socket-client.ts'
import { testClock } from '../../support/test-clock.ts'
import { startWebSocketWorld, type WebSocketWorld } from '../web-sockets/websocket-world.ts'
import { openStream, signOut } from './live-world.ts'

const OVER = { code: 4401, reason: 'the sign-in is over' }

describe('What lasts at two gateways with one Redis', function () {
  this.timeout(60_000)
  let redis: RedisServer
  let world: WebSocketWorld
  let second: GatewayUnderTest
  before(function () {
    needRedis(this)
  })
  beforeEach(async () => {
    redis = await startRedis()
    const env = {
      REDIS_URL: redis.url,
      SESSION_SECRET_KEY: randomBytes(48).toString('base64'),
      SESSION_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      IDENTITY_CACHE_TTL: '60',
    }
    world = await startWebSocketWorld(env, { clock: testClock() })
    second = await world.another(env)
  })
  afterEach(async () => {
    await world?.stop()
    await redis?.stop()
  })

  const Host = () => new URL(world.gateway.url).host
  const openAt = (gateway: GatewayUnderTest, headers: Record<string, string>): Promise<TestSocket> =>
    openSocket(`${gateway.url}/live`, { headers: { Host: Host(), ...headers } })

  it('ends at both when the person signs out at one, before the answer is there', async () => {
    for (let round = 0; round < 5; round++) {
      const session = await world.session()
      const sockets = [await openAt(world.gateway, session), await openAt(second, session)]
      const stream = await openStream(world, session, { at: second, target: `/live/stream-${round}` })
      const began = performance.now()
      expect(await signOut(round % 2 === 0 ? world.gateway : second, session)).to.equal(200)
      for (const socket of sockets) expect(await socket.closed).to.deep.equal(OVER)
      expect(await stream.ended()).to.equal('broken off')
      expect(performance.now() - began, 'the promise is a second').to.be.lessThan(1_000)
    }
  })

  it('ends at both when the provider says so to one', async () => {
    const session = await world.session()
    const sockets = [await openAt(world.gateway, session), await openAt(second, session)]
    world.clock.advance('1s')
    const answer = await rawClient(second.port).ask({
      method: 'POST',
      target: '/backchannel-logout',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `logout_token=${logoutToken(world.provider, world.clock.now())}`,
    })
    expect(answer.status).to.equal(200)
    for (const socket of sockets) expect(await socket.closed).to.deep.equal(OVER)
  })

  it('goes on for a while when Redis is away, and ends when the session was lost with it', async () => {
    const session = await world.session()
    const sockets = [await openAt(world.gateway, session), await openAt(second, session)]
    await redis.kill()
    for (const socket of sockets) {
      socket.say('still here')
      expect(await socket.hears()).to.equal('still here')
    }
    expect((await world.refused('/live', { headers: session })).status).to.equal(503)
    await redis.restart()
    for (const socket of sockets) expect(await socket.closed).to.deep.equal(OVER)
  })
})
