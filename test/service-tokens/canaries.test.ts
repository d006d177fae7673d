import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { type RedisWorld, startRedisWorld } from '../contracts/redis-world.ts'
import { needRedis } from '../support/redis-server.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { the } from '../support/the.ts'
import { oauthClient } from './oauth-client.ts'

const CANARY = 'c4n4ry'
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

describe('secrets of service clients', () => {
  let redis: RedisWorld
  let scene: Scene
  let post: ReturnType<typeof oauthClient>
  before(async function () {
    needRedis(this)
    redis = await startRedisWorld()
    scene = await setScene({ env: { REDIS_URL: redis.server.url, LOG_LEVEL: 'debug' } })
    post = oauthClient(scene.url)
  })
  after(async () => {
    await scene?.stop()
    await redis?.stop()
  })

  const assertion = `${part({ alg: 'RS256', kid: CANARY })}.${part({ iss: CANARY, sub: CANARY })}.${CANARY}`
  const byAssertion = { client_assertion_type: JWT_BEARER, client_assertion: assertion }
  const requests = {
    token: { grant_type: 'refresh_token', refresh_token: `${CANARY}-refresh`, scope: 'a' },
    introspect: { token: `${CANARY}-token` },
    revoke: { token: `${CANARY}-token` },
  }

  it('never reach a log, an error or Redis, whatever becomes of the request', async () => {
    const token = scene.provider.accessToken({
      claims: { azp: the.clientId, jti: `${CANARY}-jti`, sub: `${CANARY}-sub` },
    })
    const replies = [
      undefined,
      'hang-up',
      { status: 400, body: { error: 'invalid_grant', error_description: 'no' } },
      { status: 401, body: { error: 'unauthorized_client' } },
      { status: 500, body: `<p>${CANARY}</p>` },
      { status: 404, body: { error: 'Realm does not exist', hint: CANARY } },
    ] as const
    for (const reply of replies) {
      for (const endpoint of ['token', 'introspect', 'revoke'] as const) {
        for (const credential of [
          { basic: `${the.clientId}:${CANARY}-secret` },
          { basic: null, form: { client_id: the.clientId, client_secret: `${CANARY}-secret` } },
          { basic: null, form: byAssertion },
        ]) {
          scene.provider.reset()
          if (reply !== undefined) scene.provider.reply(endpoint, reply)
          const form = { ...requests[endpoint], ...('form' in credential ? credential.form : {}) }
          const { text } = await post(endpoint, form, { basic: credential.basic })
          expect(text).not.to.include(CANARY)
        }
      }
    }
    scene.provider.reset()
    expect((await post('revoke', { token })).status).to.equal(200)
    expect((await scene.bearer(token)).status).to.equal(401)
    await scene.provider.goAway()
    expect((await post('token', requests.token, { basic: `${the.clientId}:${CANARY}` })).status).to.equal(503)
    await fetch(`${scene.url}/api/v1/auth/token?client_secret=${CANARY}`, { method: 'POST' })
    while (!scene.gateway.logText().includes('/api/v1/auth/revoke')) await pause(10)
    expect(scene.gateway.logText()).not.to.include(CANARY)
    const dump = JSON.stringify([
      await redis.redis.keys('*'),
      await redis.redis.zRange('cloakroom:denied-tokens', 0, -1),
    ])
    expect(dump).to.include('denied-tokens')
    expect(dump).not.to.include(CANARY)
  })
})
