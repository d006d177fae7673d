import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { createRedisTurns, type RedisTurnsParts } from '../../src/platform/redis/redis-turns.ts'
import { createLocalTurns } from '../../src/platform/redis/turns.ts'
import { needRedis } from '../support/redis-server.ts'
import { testClock } from '../support/test-clock.ts'
import { type RedisWorld, startRedisWorld } from './redis-world.ts'
import { turnsContract } from './turns-contract.ts'

const local = createLocalTurns()
turnsContract('Those of one process', async () => local)

describe('Turns in Redis', () => {
  let world: RedisWorld
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
  })
  afterEach(() => world.empty())
  after(() => world?.stop())

  const instance = (parts: Partial<RedisTurnsParts> = {}) =>
    createRedisTurns({ redis: world.redis, pause, now: () => performance.now(), ...parts })
  const code = (work: Promise<unknown>) => work.then(() => 'done').catch(({ code = 'another error' }) => code as string)
  const names = () => world.redis.keys('cloakroom:turn:*')

  turnsContract('Those of several instances', async () => instance())

  it('tell nothing of what they are about, and leave nothing behind', async () => {
    await instance().run('user alice@example.com', async () => {
      const dump = await world.dump()
      expect(dump).to.match(/^cloakroom:turn:[\w-]{43} [0-9a-f-]{36}$/)
    })
    expect(await names()).to.deep.equal([])
  })

  it('are kept while slow work runs', async () => {
    const { promise: finished, resolve } = Promise.withResolvers<void>()
    const running = instance({ lifeMs: 700 }).run('slow', () => finished)
    while ((await names()).length === 0) await pause(5)
    const [key = ''] = await names()
    await world.redis.pExpire(key, 300)
    while ((await world.redis.pTTL(key)) < 600) await pause(10)
    resolve()
    await running
  })

  it('are free again when their holder died', async () => {
    const dead = instance({
      redis: { set: world.redis.set.bind(world.redis), eval: () => new Promise(() => undefined) },
    })
    void dead.run('dying', () => new Promise(() => undefined))
    while ((await names()).length === 0) await pause(5)
    await world.age(6_900)
    expect(await instance().run('dying', async () => 'mine')).to.equal('mine')
  })

  it('are waited for in bounds, and then nothing was begun', async () => {
    const clock = testClock(0)
    const waiting = instance({
      now: clock.now,
      pause: async (milliseconds) => void clock.advance(`${Math.ceil(milliseconds)}ms`),
    })
    await instance().run('long', async () => {
      expect(await code(waiting.run('long', async () => 'begun'))).to.equal('CHANGE_IN_PROGRESS')
      expect(clock.now()).to.be.within(7_000, 9_500)
    })
    expect(await code(waiting.run('long', async () => 'now'))).to.equal('done')
  })

  it('stop whoever has lost one, also when nobody has it now', async () => {
    for (const takeAway of [
      async (key: string) => void (await world.redis.set(key, 'somebody else')),
      async (key: string) => void (await world.redis.del(key)),
    ]) {
      const turns = instance()
      await turns.run('outer', () =>
        turns.run('inner', async () => {
          for (const key of await names()) await takeAway(key)
          expect(await code(turns.check())).to.equal('COORDINATION_UNAVAILABLE')
          await world.empty()
          expect(await code(turns.check()), 'for good').to.equal('COORDINATION_UNAVAILABLE')
        }),
      )
      expect(await turns.run('inner', turns.check), 'the next one').to.equal(undefined)
    }
  })

  it('do not take away what somebody else holds by now', async () => {
    await instance().run('late', async () => {
      const [key = ''] = await names()
      await world.redis.set(key, 'somebody else')
    })
    expect(await names()).to.have.length(1)
  })

  it('let nobody begin or go on while Redis is away', async () => {
    let isAway = false
    const unlessAway = <T>(answer: () => T) => (isAway ? (Promise.reject(new Error('away')) as T) : answer())
    const turns = instance({
      redis: {
        set: ((...args: Parameters<typeof world.redis.set>) => unlessAway(() => world.redis.set(...args))) as never,
        eval: ((...args: Parameters<typeof world.redis.eval>) => unlessAway(() => world.redis.eval(...args))) as never,
      },
    })
    await turns.run('a', async () => {
      isAway = true
      expect(await code(turns.check())).to.equal('COORDINATION_UNAVAILABLE')
      expect(await code(turns.run('b', async () => undefined))).to.equal('COORDINATION_UNAVAILABLE')
      isAway = false
      await turns.check()
    })
  })
})
