import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { createMemorySessionStore } from '../../src/identity/session/memory-session-store.ts'
import { createRedisSessionStore } from '../../src/identity/session/redis-session-store.ts'
import { redisKeys } from '../../src/platform/redis/redis-keys.ts'
import { createSealer } from '../../src/platform/sealing/sealer.ts'
import { needRedis } from '../support/redis-server.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { type RedisWorld, startRedisWorld } from './redis-world.ts'
import { sessionStoreContract } from './session-store-contract.ts'
import { IDLE_TIMEOUT } from './store-world.ts'

sessionStoreContract('the store in memory', async () => {
  const clock = testClock()
  const store = createMemorySessionStore({ clock, idleTimeout: IDLE_TIMEOUT })
  return { store, clock, pass: async (milliseconds) => clock.advance(`${milliseconds}ms`) }
})

describe('with a real Redis', () => {
  let world: RedisWorld
  let clock: TestClock
  const keys = [randomBytes(32)]
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
  })
  after(() => world?.stop())
  beforeEach(async () => {
    clock = testClock()
    await world.empty()
  })

  const make = (sealingKeys = keys) =>
    createRedisSessionStore({ redis: world.redis, sealer: createSealer(sealingKeys), clock, idleTimeout: IDLE_TIMEOUT })
  async function opened(store = make(), id = 'a') {
    const now = clock.now()
    await store.addTokens(id, the.tokens(now))
    await new Promise((done) => store.express.set(id, { cookie: {}, record: the.record(now) } as never, done))
    expect(await store.read(id)).not.to.equal(undefined)
    return store
  }

  sessionStoreContract('the store', async () => ({
    store: make(),
    clock,
    async pass(milliseconds) {
      clock.advance(`${milliseconds}ms`)
      await world.age(milliseconds)
    },
  }))

  describe('the store', () => {
    const places = { session: `${redisKeys.sessionPrefix}a`, tokens: redisKeys.tokens('a') }
    const garbage: Record<string, string> = {
      'an empty value': '',
      'a text': 'garbage',
      JSON: '{"record":{"caller":{"id":"admin"}}}',
      'a session of connect-redis': '{"cookie":{"originalMaxAge":null},"record":{}}',
      'dots alone': '...',
      'a made-up seal': 's1.AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      'bytes that are no text': '\u0000\ufffd\u0001',
      '5 MB': 'x'.repeat(5_000_000),
      '5 MB of dots': '.'.repeat(5_000_000),
      'a version and nothing': '1:',
    }
    for (const [place, key] of Object.entries(places)) {
      for (const [what, value] of Object.entries(garbage)) {
        it(`drops a session whose ${place} became ${what}`, async () => {
          const store = await opened()
          await world.redis.set(key, value)
          expect(await store.read('a')).to.equal(undefined)
        })
      }

      it(`drops a session whose ${place} became a list`, async () => {
        const store = await opened()
        await world.redis.del(key)
        await world.redis.lPush(key, 'x')
        expect(await store.read('a')).to.equal(undefined)
      })

      it(`drops a session whose ${place} lost its last character or had one changed`, async () => {
        const store = await opened()
        const value = (await world.redis.get(key)) ?? ''
        for (const broken of [
          value.slice(0, -1),
          `${value.slice(0, 40)}${value[40] === 'A' ? 'B' : 'A'}${value.slice(41)}`,
        ]) {
          await world.redis.set(key, broken)
          expect(await store.read('a')).to.equal(undefined)
        }
        await world.redis.set(key, value, { expiration: { type: 'EX', value: 60 } })
        expect(await store.read('a')).not.to.equal(undefined)
      })

      it(`does not open the ${place} of one session as that of another`, async () => {
        const store = await opened()
        await opened(store, 'b')
        const other = (await world.redis.get(key.replace(/a(\}?)$/, 'b$1'))) ?? ''
        await world.redis.set(key, other, { expiration: { type: 'EX', value: 60 } })
        expect(await store.read('a')).to.equal(undefined)
      })
    }

    it('opens nothing that was sealed with another key', async () => {
      await opened()
      expect(await make([randomBytes(32)]).read('a')).to.equal(undefined)
    })

    it('opens what an older key of the ring sealed, and seals with the first', async () => {
      await opened()
      const newer = randomBytes(32)
      const both = make([newer, ...keys])
      expect(await both.read('a')).not.to.equal(undefined)
      await opened(both, 'b')
      expect(await make([newer]).read('b')).not.to.equal(undefined)
      expect(await make([newer]).read('a')).to.equal(undefined)
    })

    it('leaves nothing in Redis that tells a reader anything', async () => {
      const store = await opened()
      await store.replaceTokens('a', the.tokens(clock.now(), { version: 2 }), the.record(clock.now()))
      const dump = await world.dump()
      expect(dump).to.include(redisKeys.sessionPrefix)
      const { username, email, name } = the.alice()
      const secrets = [
        'canary',
        username,
        email,
        name,
        the.alice().sub,
        'sso-of-alice',
        'customer',
        'orders.read',
        '127.0.0.1',
      ]
      for (const secret of secrets) {
        expect(dump).not.to.include(secret)
        for (let shift = 0; shift < 3; shift++) {
          const inBase64 = Buffer.from('x'.repeat(shift) + secret)
            .toString('base64url')
            .slice(4, -4)
          if (inBase64.length > 5) expect(dump).not.to.include(inBase64)
        }
      }
    })

    it('lets every key expire', async () => {
      await opened()
      for (const key of await world.redis.keys('*')) expect(await world.redis.pTTL(key)).to.be.above(0)
    })

    it('says that it is unavailable when Redis is silent: nobody is taken for anonymous', async () => {
      const store = await opened()
      const now = clock.now()
      const express = (call: (done: (error: unknown) => void) => void) =>
        new Promise((_, reject) => call((error) => reject(error)))
      await world.server.pause()
      const calls = [
        store.read('a'),
        store.addTokens('b', the.tokens(now)),
        store.replaceTokens('a', the.tokens(now), the.record(now)),
        store.touch('a', the.record(now)),
        store.destroy('a'),
        express((done) => store.express.get('a', done)),
        express((done) => store.express.set('a', { cookie: {} } as never, done)),
        express((done) => store.express.destroy('a', done)),
      ]
      const outcomes = await Promise.allSettled(calls)
      await world.server.resume()
      for (const outcome of outcomes) {
        expect(outcome.status).to.equal('rejected')
        expect((outcome as PromiseRejectedResult).reason).to.include({ code: 'SESSION_STORE_UNAVAILABLE', status: 503 })
      }
    })
  })
})
