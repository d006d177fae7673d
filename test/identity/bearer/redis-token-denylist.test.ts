import { expect } from 'chai'
import { denialKey } from '../../../src/identity/bearer/token-denylist.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { redisKeys } from '../../../src/platform/redis/redis-keys.ts'
import { type DenylistInstance, startDenylistInstance } from '../../contracts/denylist-instances.ts'
import { until } from '../../platform/redis/connect-redis-client.ts'
import { needRedis, type RedisServer, startRedis } from '../../support/redis-server.ts'
import { testClock } from '../../support/test-clock.ts'

describe('The denylist in Redis', function () {
  this.timeout(20_000)
  const clock = testClock()
  const inAMinute = () => clock.now() + 60_000
  let redis: RedisServer
  const open: DenylistInstance[] = []
  before(function () {
    needRedis(this)
  })
  beforeEach(async () => {
    redis = await startRedis()
  })
  afterEach(async () => {
    for (const instance of open.splice(0)) await instance.close()
    await redis.stop()
  })

  async function start(options: { grace?: number; maxSize?: number } = {}): Promise<DenylistInstance> {
    const instance = await startDenylistInstance(redis.url, { clock, ...options })
    open.push(instance)
    return instance
  }
  async function startTwo() {
    const pair = [await start(), await start()] as const
    await Promise.all(pair.map((instance) => instance.settled()))
    return pair
  }
  const refusal = async ({ list }: DenylistInstance, key = 'any'): Promise<unknown> => {
    try {
      return await list.isDenied(key)
    } catch (error) {
      return error instanceof GatewayError ? `${error.code} ${error.headers['Retry-After']}` : error
    }
  }
  const reconnect = async (instance: DenylistInstance) => {
    await until(() => instance.redis.isReady)
    await instance.settled()
  }

  it('answers at once, without asking Redis, while it listens', async () => {
    const [one, other] = await startTwo()
    await one.list.deny('a', inAMinute())
    for (const { list } of [one, other]) {
      expect(list.isDenied('a')).to.equal(true)
      expect(list.isDenied('b')).to.equal(false)
    }
  })

  it('knows what was denied before it started', async () => {
    const first = await start()
    await first.list.deny('a', inAMinute())
    const later = await start()
    expect(await later.list.isDenied('a')).to.equal(true)
    await later.settled()
    expect(later.list.isDenied('a')).to.equal(true)
  })

  it('asks Redis as soon as it may have missed a message', async () => {
    const [one, deaf] = await startTwo()
    deaf.hears = false
    await one.redis.zAdd(redisKeys.deniedTokens, { value: 'missed', score: inAMinute() })
    expect(await deaf.list.isDenied('missed')).to.equal(true)
    expect(await deaf.list.isDenied('other')).to.equal(false)
  })

  it('refuses to guess when Redis is away, but goes on to deny what it knows', async () => {
    const [one] = await startTwo()
    await one.list.deny('a', inAMinute())
    await redis.kill()
    await until(async () => (await refusal(one)) === 'REVOCATIONS_UNAVAILABLE 1')
    expect(await one.list.isDenied('a')).to.equal(true)
    const failure = await one.list.deny('b', inAMinute()).catch((error: GatewayError) => error.code)
    expect(failure).to.equal('REVOCATIONS_UNAVAILABLE')
  })

  it('does not guess when it never knew the list either', async () => {
    const one = await start({ grace: 60 })
    one.hears = false
    await redis.kill()
    await until(async () => (await refusal(one)) === 'REVOCATIONS_UNAVAILABLE 1')
  })

  it('accepts what it does not know within the grace, counted from what was last certain', async () => {
    const one = await start({ grace: 10 })
    await one.settled()
    await one.list.deny('a', inAMinute())
    await redis.kill()
    one.hears = false
    one.silentFor = 9_000
    expect([await refusal(one, 'a'), await refusal(one, 'b')]).to.deep.equal([true, false])
    one.silentFor = 10_001
    expect([await refusal(one, 'a'), await refusal(one, 'b')]).to.deep.equal([true, 'REVOCATIONS_UNAVAILABLE 1'])
  })

  it('gives a Redis that lost everything its entries back, for those who start later', async () => {
    const [one, other] = await startTwo()
    await one.list.deny('a', inAMinute())
    await redis.kill()
    await until(async () => (await refusal(one)) === 'REVOCATIONS_UNAVAILABLE 1')
    await redis.restart()
    await Promise.all([reconnect(one), reconnect(other)])
    expect(one.list.isDenied('a')).to.equal(true)
    const later = await start()
    expect(await later.list.isDenied('a')).to.equal(true)
  })

  it('hears of a token that was denied while it was cut off', async () => {
    const [one, other] = await startTwo()
    await redis.kill()
    await redis.restart()
    await reconnect(one)
    await one.list.deny('meanwhile', inAMinute())
    await reconnect(other)
    expect(other.list.isDenied('meanwhile')).to.equal(true)
  })

  it('takes no message and no entry of others for its own', async () => {
    const [one] = await startTwo()
    for (const body of ['', 'null', '[]', '{', '{"key":1,"until":2}', '{"key":"x"}', '{"instance":"x","probe":"y"}'])
      await one.redis.publish(redisKeys.deniedTokensChannel, JSON.stringify({ from: 'x', number: 1, body }))
    await one.list.deny('after', inAMinute())
    expect(one.list.isDenied('after')).to.equal(true)
    await one.redis.set(redisKeys.deniedTokens, 'of another type')
    one.hears = false
    expect(await refusal(one)).to.equal('REVOCATIONS_UNAVAILABLE 1')
  })

  it('keeps nothing in Redis that tells a token, and nothing for longer than needed', async () => {
    const [one] = await startTwo()
    const tokenId = 'trrtcc:canary-token-id'
    await one.list.deny(denialKey('https://id.test', '', tokenId), clock.now() + 1_000)
    expect(JSON.stringify(await one.redis.zRange(redisKeys.deniedTokens, 0, -1))).not.to.include('canary')
    clock.advance('2s')
    await one.list.deny('next', inAMinute())
    await until(async () => (await one.redis.zCard(redisKeys.deniedTokens)) === 1)
  })
})
