import { expect } from 'chai'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createRedisClient, type SingleRedis } from '../../../src/platform/redis/redis-client.ts'
import type { GatewayUnderTest } from '../../support/gateway.ts'
import { type InstancesScene, setInstancesScene } from '../../support/instances-scene.ts'
import { needRedis } from '../../support/redis-server.ts'

const SETTINGS = '/api/v1/admin/settings'
const KEY = 'cloakroom:settings'

describe('A setting that is changed while several instances run', function () {
  this.timeout(30_000)
  let instances: InstancesScene
  let scene: InstancesScene['scene']
  let redis: SingleRedis
  const others: GatewayUnderTest[] = []
  before(async function () {
    needRedis(this)
    instances = await setInstancesScene({ RATE_LIMIT_MANAGEMENT: 'off', LOG_LEVEL: 'info' })
    scene = instances.scene
    others.push(instances.second)
    redis = createRedisClient(instances.redis.url, silentLog)
    await redis.connect()
  })
  after(async () => {
    redis?.destroy()
    await instances?.stop()
  })

  async function startAnother(): Promise<GatewayUnderTest> {
    const other = await instances.another()
    others.push(other)
    return other
  }

  async function ask(url: string, method: string, path: string, body?: object) {
    const token = scene.provider.accessToken({ claims: { realm_access: { roles: ['admin'] } } })
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
    const { data, error }: any = await answer.json()
    return { status: answer.status, headers: answer.headers, data, error }
  }

  const patch = (url: string, settings: object, version?: string) => ask(url, 'PATCH', SETTINGS, { settings, version })
  const valueAt = async (url: string, name: string) => {
    const { data } = await ask(url, 'GET', SETTINGS)
    const { value, source } = data.settings.find((one: { name: string }) => one.name === name)
    return [value, source]
  }
  const secondUrl = () => others[0]?.url ?? ''
  const reset = async () => {
    for (const name of ['LOG_LEVEL', 'JWKS_CACHE_TTL']) await ask(scene.url, 'DELETE', `${SETTINGS}/${name}`)
  }

  it('is in force on all of them when the answer comes, and on those that start later', async () => {
    const changed = await patch(scene.url, { JWKS_CACHE_TTL: 77, LOG_LEVEL: 'debug' })
    expect(changed.status, JSON.stringify(changed.error)).to.equal(200)
    expect(changed.data).to.include({ instances: 2, kept: 'redis' })
    const late = await startAnother()
    for (const url of [scene.url, secondUrl(), late.url]) {
      expect(await valueAt(url, 'JWKS_CACHE_TTL')).to.deep.equal([77, 'runtime'])
      const caches = (await ask(url, 'GET', '/cache/info')).data
      expect([caches.jwt_cache.ttl, caches.verified_tokens.ttl]).to.deep.equal([77, 77])
    }
    await reset()
    for (const url of [secondUrl(), late.url]) {
      expect(await valueAt(url, 'JWKS_CACHE_TTL')).to.deep.equal([600, 'default'])
      expect(await valueAt(url, 'LOG_LEVEL')).to.deep.equal(['info', 'environment'])
    }
  })

  it('changes what is logged, everywhere', async () => {
    const lines = () => [scene.gateway, ...others].map(({ logged }) => logged().length)
    await patch(scene.url, { LOG_LEVEL: 'error' })
    const quiet = lines()
    for (const url of [scene.url, ...others.map((other) => other.url)])
      expect(await valueAt(url, 'LOG_LEVEL')).to.deep.equal(['error', 'runtime'])
    for (const { gateway } of others) gateway.log.info('nobody hears this')
    expect(lines()).to.deep.equal(quiet)
    await reset()
    others[0]?.gateway.log.info('somebody hears this')
    expect(others[0]?.logText()).to.contain('somebody hears this').and.not.to.contain('nobody hears this')
  })

  it('is refused to the second of two who change at once', async () => {
    const { version } = (await ask(scene.url, 'GET', SETTINGS)).data
    const answers = await Promise.all(
      [scene.url, secondUrl()].map((url, at) => patch(url, { JWKS_CACHE_TTL: 50 + at }, version)),
    )
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 409])
    const winner = answers.find(({ status }) => status === 200)?.data.settings[0].value
    for (const url of [scene.url, secondUrl()])
      expect(await valueAt(url, 'JWKS_CACHE_TTL')).to.deep.equal([winner, 'runtime'])
    await reset()
  })

  it('breaks no instance when somebody writes nonsense into Redis', async () => {
    for (const poison of [
      '{"revision":',
      '{"revision":1,"changes":{"LOG_LEVEL":"silly","REDIS_URL":"redis://evil"}}',
    ]) {
      await redis.set(KEY, poison)
      const late = await startAnother()
      expect(await valueAt(late.url, 'LOG_LEVEL')).to.deep.equal(['info', 'environment'])
      const warned = late.logged().filter(({ level, message }) => level === 'warn' && /ignored/.test(String(message)))
      expect(warned, poison).to.have.length(1)
      expect(late.logText()).not.to.match(/silly|evil/)
    }
    expect((await patch(scene.url, { LOG_LEVEL: 'warn' })).status).to.equal(200)
    expect(JSON.parse((await redis.get(KEY)) ?? '').changes).to.deep.equal({ LOG_LEVEL: 'warn' })
    await reset()
  })

  it('cannot be changed while Redis is away, and still be seen', async () => {
    async function whileAway() {
      await instances.redis.pause()
      try {
        const refused = await patch(scene.url, { LOG_LEVEL: 'debug' })
        // Without its copy of the denylist, which comes a moment after the start, no token is good while Redis is away.
        if (refused.error.code === 'REVOCATIONS_UNAVAILABLE') return undefined
        return { refused, value: await valueAt(scene.url, 'LOG_LEVEL') }
      } finally {
        await instances.redis.resume()
      }
    }
    let told = await whileAway()
    while (told === undefined) told = await whileAway()
    const { refused, value } = told
    expect([refused.status, refused.error.code]).to.deep.equal([503, 'SETTINGS_UNAVAILABLE'])
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/)
    expect(value).to.deep.equal(['info', 'environment'])
  })
})
