import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { createMemoryLoginTransactions } from '../../src/login/memory-login-transactions.ts'
import { createRedisLoginTransactions } from '../../src/login/redis-login-transactions.ts'
import { createSealer } from '../../src/platform/sealing/sealer.ts'
import { needRedis } from '../support/redis-server.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { loginTransactionsContract } from './login-transactions-contract.ts'
import { type RedisWorld, startRedisWorld } from './redis-world.ts'

loginTransactionsContract('the keeper in memory', async () => {
  const clock = testClock()
  const pass = async (milliseconds: number) => clock.advance(`${milliseconds}ms`)
  return { logins: createMemoryLoginTransactions(clock), clock, pass }
})

describe('with a real Redis', () => {
  let world: RedisWorld
  const keys = [randomBytes(32)]
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
  })
  after(() => world?.stop())
  beforeEach(() => world.empty())

  const make = (sealingKeys = keys) => createRedisLoginTransactions(world.redis, createSealer(sealingKeys))
  const login = (state = 'canary-state') => the.login(1_000, { state })
  const onlyKey = async () => (await world.redis.keys('*'))[0] ?? ''

  loginTransactionsContract('the keeper', async () => {
    const clock = testClock()
    return { logins: make(), clock, pass: (milliseconds) => world.age(milliseconds) }
  })

  describe('the keeper of pending logins', () => {
    for (const [what, value] of Object.entries({
      'an empty value': '',
      'a text': 'garbage',
      JSON: JSON.stringify(login()),
      'a made-up seal': `s1.AAAAAAAA.${'A'.repeat(60)}`,
      '5 MB': 'x'.repeat(5_000_000),
    })) {
      it(`finds nothing where there is ${what}`, async () => {
        const logins = make()
        await logins.save(login())
        await world.redis.set(await onlyKey(), value)
        expect(await logins.find('canary-state')).to.equal(undefined)
      })
    }

    it('finds nothing where there is a list', async () => {
      const logins = make()
      await logins.save(login())
      const key = await onlyKey()
      await world.redis.del(key)
      await world.redis.lPush(key, 'x')
      expect(await logins.find('canary-state')).to.equal(undefined)
    })

    it('does not open the login of one state under another', async () => {
      const logins = make()
      await logins.save(login())
      const value = (await world.redis.get(await onlyKey())) ?? ''
      await world.empty()
      await logins.save(login('another-state'))
      await world.redis.set(await onlyKey(), value)
      expect(await logins.find('another-state')).to.equal(undefined)
    })

    it('opens nothing that was sealed with another key', async () => {
      await make().save(login())
      expect(await make([randomBytes(32)]).find('canary-state')).to.equal(undefined)
      expect(await make([randomBytes(32), ...keys]).find('canary-state')).to.deep.equal(login())
    })

    it('leaves nothing in Redis that tells a reader anything, and lets every key expire', async () => {
      await make().save(login())
      const dump = await world.dump()
      for (const secret of ['canary', 'hash-of-the-browser', 'orders', 'localhost']) expect(dump).not.to.include(secret)
      expect(await world.redis.pTTL(await onlyKey())).to.be.within(590_000, 600_000)
    })

    it('says that it is unavailable when Redis is silent', async () => {
      const logins = make()
      await world.server.pause()
      const outcomes = await Promise.allSettled([logins.save(login()), logins.find('a'), logins.take('a')])
      await world.server.resume()
      for (const outcome of outcomes) {
        expect(outcome.status).to.equal('rejected')
        expect((outcome as PromiseRejectedResult).reason).to.include({ code: 'SESSION_STORE_UNAVAILABLE', status: 503 })
      }
    })
  })
})
