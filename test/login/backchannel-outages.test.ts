import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { logoutToken } from '../support/logout-token.ts'
import { rawClient } from '../support/raw-client.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { type Scene, setScene } from '../support/scene.ts'

/** Milliseconds: Keycloak hangs up after 5 s; the contract of the endpoint says 4. */
const BOUND = 4_000

describe('Back-channel logout with a Redis that fails', function () {
  this.timeout(30_000)
  let redis: RedisServer
  let scene: Scene
  before(function () {
    needRedis(this)
  })
  beforeEach(async () => {
    redis = await startRedis()
    scene = await setScene({ env: { REDIS_URL: redis.url, RATE_LIMIT_BACKCHANNEL: 'off' } })
  })
  afterEach(async () => {
    await scene?.stop()
    await redis?.stop()
  })

  const send = (token: string) =>
    rawClient(scene.gateway.port)
      .ask({
        method: 'POST',
        target: '/backchannel-logout',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `logout_token=${token}`,
      })
      .then(({ status }) => status)
  const inTime = (answer: Promise<number>) => Promise.race([answer, pause(BOUND, 'too late')])
  const token = () => logoutToken(scene.provider, scene.clock.now())

  it('is 503 in time while it hangs; the same token works as soon as it goes on', async () => {
    const browser = await scene.signedIn()
    const interrupted = token()
    await redis.pause()
    expect(await inTime(send(interrupted))).to.equal(503)
    expect(await inTime(send(token()))).to.equal(503)
    await redis.resume()
    let status = 0
    do status = await send(interrupted)
    while (status === 503)
    expect(status).to.equal(200)
    expect((await scene.call(browser)).status).to.equal(401)
  })

  it('is 503 in time when it is gone, and 400 for what is wrong with the token all the same', async () => {
    await redis.kill()
    expect(await inTime(send(token()))).to.equal(503)
    expect(await inTime(send('no.to.ken'))).to.equal(400)
  })

  it('is 503 in time when the keys of the provider do not come', async () => {
    await scene.provider.rotateKeys()
    const hold = scene.provider.hold('jwks')
    expect(await inTime(send(token()))).to.equal(503)
    hold.release()
  })
})
