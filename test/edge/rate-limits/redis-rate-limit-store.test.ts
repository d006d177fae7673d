import { expect } from 'chai'
import fc from 'fast-check'
import {
  createRedisRateLimitStore,
  type RedisRateLimitStoreParts,
} from '../../../src/edge/rate-limits/redis-rate-limit-store.ts'
import { type RedisWorld, startRedisWorld } from '../../contracts/redis-world.ts'
import { needRedis } from '../../support/redis-server.ts'
import { testClock } from '../../support/test-clock.ts'
import { type Command, commands, referenceLimit } from './reference-limit.ts'

describe('The rate limits in Redis', () => {
  let world: RedisWorld
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
  })
  after(() => world?.stop())
  beforeEach(() => world.empty())

  function storeOf(changes: Partial<RedisRateLimitStoreParts> = {}) {
    const secret = Buffer.from('a secret of the tests')
    const usual = { redis: world.redis, policy: 'login', window: 3_600, secret, clock: testClock() }
    return createRedisRateLimitStore({ ...usual, ...changes })
  }
  const onlyKey = async () => (await world.redis.keys('*'))[0] ?? ''
  const total = async (store: ReturnType<typeof storeOf>, key = 'alice') => (await store.increment(key)).totalHits

  it('count as a simple model does, whatever the clock does', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(commands, async (list: readonly Command[]) => {
        let now = 1_700_000_000_000
        const store = storeOf({ policy: `run ${run++}`, window: 10, time: () => now })
        const model = referenceLimit(10_000, () => now)
        for (const command of list) {
          if (command.does === 'wait') now += command.milliseconds
          else if (command.does === 'hit')
            expect(await store.count(command.key, command.hits, command.late)).to.deep.equal(
              model.count(command.key, command.hits, command.late),
            )
          else if (command.does === 'give back') {
            await store.decrement(command.key)
            model.giveBack(command.key)
          } else {
            await store.resetKey(command.key)
            model.forget(command.key)
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  it('go by the clock of Redis, because those of the instances differ', async () => {
    const clocks = [testClock(), testClock(Date.now() + 7_200_000), testClock(0)]
    for (const [before, clock] of clocks.entries()) {
      const hit = await storeOf({ clock }).increment('alice')
      expect(hit.totalHits).to.equal(before + 1)
      expect(hit.resetTime.getTime() - clock.now()).to.be.within(1, 3_600_000)
    }
  })

  it('take the same few bytes for one hit and for thousands, and expire when they are of no use', async () => {
    const store = storeOf()
    await store.increment('alice')
    const key = await onlyKey()
    const small = await world.redis.memoryUsage(key)
    for (let i = 0; i < 20; i++) await store.count('alice', 100_000)
    expect(await world.redis.keys('*')).to.deep.equal([key])
    expect(small).to.be.at.most(256)
    expect(await world.redis.memoryUsage(key)).to.be.at.most(256)
    expect(await world.redis.pTTL(key)).to.be.within(3_590_000, 7_200_000)
  })

  it('tell a reader of Redis nothing', async () => {
    const store = storeOf()
    for (const key of ['203.0.113.7', '2001:db8::/56', 'https://id.example/realms/x canary-sub'])
      await store.increment(key)
    const keys = await world.redis.keys('*')
    const dump = JSON.stringify(await Promise.all(keys.map(async (key) => [key, await world.redis.hGetAll(key)])))
    for (const secret of ['203.0.113', '2001', 'id.example', 'canary', 'login']) expect(dump).not.to.include(secret)
    for (const key of keys) expect(key).to.match(/^cloakroom:limit:[\w-]{22}$/)
  })

  it('have a name that nobody can find by trying all addresses without the secret', async () => {
    await storeOf().increment('203.0.113.7')
    await storeOf({ secret: Buffer.from('another') }).increment('203.0.113.7')
    expect(await world.redis.keys('*')).to.have.length(2)
  })

  it('keep apart what only looks alike, whatever a key holds', async () => {
    const names = fc.string({ unit: 'binary', maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(names, names, names, async (first, second, third) => {
        await world.empty()
        const pairs = [
          [first, `${second} ${third}`],
          [`${first} ${second}`, third],
          [`${first}","${second}`, third],
          [first, `${second}","${third}`],
        ] as const
        for (const [policy, key] of pairs) await storeOf({ policy }).increment(key)
        const different = new Set(pairs.map((pair) => JSON.stringify(pair)))
        expect(await world.redis.keys('*')).to.have.length(different.size)
      }),
      { numRuns: 100 },
    )
  })

  it('do not mix hits of a window that was configured anew', async () => {
    await storeOf({ window: 60 }).count('alice', 50)
    expect(await total(storeOf({ window: 3_600 }))).to.equal(1)
  })

  it('go on when Redis has forgotten the script', async () => {
    const store = storeOf()
    await store.increment('alice')
    await world.redis.scriptFlush()
    const totals = await Promise.all(Array.from({ length: 10 }, () => total(store)))
    expect(totals).to.deep.equal([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  const spoilers: Record<string, (key: string) => Promise<unknown>> = {
    'a text': (key) => world.redis.set(key, 'garbage'),
    'a list': (key) => world.redis.lPush(key, 'garbage'),
    'other fields': (key) => world.redis.hSet(key, { a: 'b' }),
  }
  for (const [what, spoil] of Object.entries(spoilers))
    it(`begin anew where somebody put ${what}`, async () => {
      const store = storeOf()
      await store.increment('alice')
      const key = await onlyKey()
      await world.redis.del(key)
      await spoil(key)
      expect([await total(store), await total(store)]).to.deep.equal([1, 2])
    })

  for (const garbage of ['', 'x', 'nan', 'inf', '-5', '1e400', '0x', '9007199254740993000'])
    it(`take ${JSON.stringify(garbage)} for no number of hits`, async () => {
      const store = storeOf()
      await store.increment('alice')
      await world.redis.hSet(await onlyKey(), { current: garbage, previous: garbage })
      expect(await total(store)).to.equal(1)
    })
})
