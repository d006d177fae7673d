import { expect } from 'chai'
import { layFoundation } from '../../../src/assembly/foundation.ts'
import { assembleLimits, type Limits } from '../../../src/assembly/limits.ts'
import type { Limiter } from '../../../src/edge/rate-limits/limiter.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createRedisClient } from '../../../src/platform/redis/redis-client.ts'
import { configOf, least } from '../../platform/config/config-of.ts'
import { needRedis, type RedisServer, startRedis } from '../../support/redis-server.ts'
import { refusalIfAny } from '../refusal.ts'
import { until } from '../until.ts'

const POLICY = { limit: 6, window: 3_600 }
const KEY = 'canary-caller'
/** Every limit there is, as the stations get it. */
const LIMITS: Record<string, (limits: Limits) => Limiter | undefined> = {
  default: (limits) => limits.limiter('default', POLICY),
  login: (limits) => limits.limiter('login', POLICY),
  backchannel: (limits) => limits.limiter('backchannel', POLICY),
  management: (limits) => limits.limiter('management', POLICY),
  'auth-failures': (limits) => limits.limiter('auth-failures', POLICY),
  'of a route': (limits) => limits.routeLimiter('orders', POLICY),
}

/** So long a busy machine does not keep Redis from answering before the test does. */
const PATIENCE = 10_000

describe('Rate limits while Redis is away', () => {
  let patience = PATIENCE
  let server: RedisServer
  const releases: (() => Promise<void>)[] = []
  before(function () {
    needRedis(this)
  })
  beforeEach(async () => {
    patience = PATIENCE
    server = await startRedis()
  })
  afterEach(async () => {
    for (const release of releases.splice(0)) await release()
    await server?.stop()
  })

  /** One instance, with its limits and what it logs. */
  async function instance() {
    const config = configOf({
      ...least,
      REDIS_URL: server.url,
      SESSION_ENCRYPTION_KEYS: Buffer.alloc(32).toString('base64'),
    })
    let text = ''
    const foundation = await layFoundation(config, {
      countersMs: () => patience,
      writeLog: (lines) => {
        text += lines
      },
    })
    const limits = assembleLimits(config, foundation)
    releases.push(async () => {
      await limits.close()
      await foundation.bus?.close()
      foundation.redis?.destroy()
    })
    const shared = async () =>
      /^cloakroom_rate_limits_shared (\d)$/m.exec((await foundation.metrics.expose()).text)?.[1]
    return { limits, shared, logText: () => text, times: (what: string) => text.split(what).length - 1 }
  }

  const ALONE = 'this instance counts alone'
  const TOGETHER = 'counted together with the other instances again'

  async function hang(): Promise<void> {
    await server.pause()
    patience = 200
  }

  async function goOn(): Promise<void> {
    patience = PATIENCE
    await server.resume()
  }

  async function configure(name: string, value: string): Promise<void> {
    const operator = createRedisClient(server.url, silentLog)
    await operator.connect()
    await operator.configSet(name, value)
    operator.destroy()
  }

  /** What so many calls were answered: how many were left, or the code of the refusal. */
  async function take(limiter: Limiter | undefined, count: number): Promise<(number | string)[]> {
    const answers: (number | string)[] = []
    for (let i = 0; i < count; i++) {
      try {
        answers.push((await limiter?.take(KEY))?.remaining ?? 'no limit')
      } catch (error) {
        answers.push(
          refusalIfAny(() => {
            throw error
          })?.code ?? '',
        )
      }
    }
    return answers
  }

  for (const [name, limiterOf] of Object.entries(LIMITS))
    for (const [what, away] of [
      ['dead', () => server.kill()],
      ['hanging', hang],
      ['not to be written to', () => configure('min-replicas-to-write', '1')],
      ['out of memory', () => configure('maxmemory', '1')],
    ] as const)
      it(`the limit ${name} holds in each instance when Redis is ${what}`, async () => {
        const [one, other] = [await instance(), await instance()]
        const [first, second] = [limiterOf(one.limits), limiterOf(other.limits)]
        expect(await take(first, 2)).to.deep.equal([5, 4])
        expect(await take(second, 1)).to.deep.equal([3])
        expect(await take(first, 1)).to.deep.equal([2])
        await away()
        expect(await take(first, 4)).to.deep.equal([1, 0, 'RATE_LIMITED', 'RATE_LIMITED'])
        // It last heard of three.
        expect(await take(second, 4)).to.deep.equal([2, 1, 0, 'RATE_LIMITED'])
      })

  it('nobody waits for a Redis that hangs, except who asked first', async () => {
    const { limits } = await instance()
    const limiter = limits.limiter('login', { limit: 1_000, window: 3_600 })
    await take(limiter, 1)
    await hang()
    await take(limiter, 1)
    for (let i = 0; i < 100; i++) expect(limiter?.take(KEY)).not.to.be.instanceOf(Promise)
  })

  it('an outage is warned of once and shown in the metrics, and so is its end', async () => {
    const { limits, shared, times, logText } = await instance()
    expect(await shared()).to.equal('1')
    for (let outage = 1; outage <= 2; outage++) {
      await server.kill()
      for (const limiterOf of Object.values(LIMITS)) await take(limiterOf(limits), 1)
      expect([times(ALONE), await shared()]).to.deep.equal([outage, '0'])
      await server.restart()
      await until(() => times(TOGETHER) === outage)
      expect(await shared()).to.equal('1')
    }
    expect(logText()).not.to.include(KEY)
  })

  for (const [what, away, back] of [
    ['died and came back empty', () => server.kill(), () => server.restart()],
    ['hung and goes on', hang, goOn],
  ] as const)
    it(`the instances count together again when Redis ${what}`, async () => {
      const [one, other] = [await instance(), await instance()]
      const [first, second] = [one, other].map(({ limits }) =>
        limits.limiter('management', { limit: 20, window: 3_600 }),
      )
      await take(first, 3)
      await away()
      await Promise.all([take(first, 2), take(second, 2)])
      await back()
      await until(() => [one, other].every(({ times }) => times(TOGETHER) === times(ALONE)))
      const [before = 0] = await take(first, 1)
      expect(await take(second, 1)).to.deep.equal([Number(before) - 1])
      expect(await take(first, 1)).to.deep.equal([Number(before) - 2])
    })

  it('an instance that starts without Redis counts alone until there is one', async () => {
    await server.kill()
    const { limits, times } = await instance()
    const limiter = limits.limiter('login', POLICY)
    expect(await take(limiter, 3)).to.deep.equal([5, 4, 3])
    await server.restart()
    await until(() => times(TOGETHER) === 1)
    expect(await take(limiter, 1)).to.deep.equal([3])
  })
})
