import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { createRedisSessionStore } from '../../src/identity/session/redis-session-store.ts'
import { createSealer } from '../../src/platform/sealing/sealer.ts'
import { needRedis } from '../support/redis-server.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { type RedisWorld, startRedisWorld } from './redis-world.ts'
import { IDLE_TIMEOUT, save } from './store-world.ts'

const alice = { issuer: the.record(0).issuer, subject: the.caller().id }

describe('the index of sessions in a real Redis', () => {
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
  const make = (ring = keys) =>
    createRedisSessionStore({ redis: world.redis, sealer: createSealer(ring), clock, idleTimeout: IDLE_TIMEOUT })

  async function open(store: ReturnType<typeof make>, id: string, life = 28_800_000) {
    const now = clock.now()
    const record = the.record(now, {
      tenant: 'acme',
      device: 'Firefox 140 on Linux',
      address: '192.0.2.77',
      absoluteExpiresAt: now + life,
    })
    await store.addTokens(id, the.tokens(now))
    await save(store, id, { record })
    await store.index(id, record)
  }
  const indexKeys = async () => (await world.redis.keys('*')).filter((key) => key.includes('sessions-of-'))
  const sizes = async () => Promise.all((await indexKeys()).map((key) => world.redis.zCard(key)))

  it('does not grow for ever with somebody who signs in and out all day', async () => {
    const store = make()
    await open(store, 'stays')
    for (let i = 0; i < 300; i++) {
      await open(store, `s${i}`)
      await store.destroy(`s${i}`)
    }
    expect(await sizes()).to.have.length(3)
    for (const size of await sizes()) expect(size).to.be.within(1, 20)
    expect((await store.list(alice, { first: 0, max: 10 })).sessions.map(({ id }) => id)).to.deep.equal(['stays'])
  })

  it('forgets what is gone when it is listed, and nothing else', async () => {
    const store = make()
    for (let i = 0; i < 15; i++) await open(store, `s${i}`)
    for (let i = 0; i < 14; i++) await store.destroy(`s${i}`)
    expect((await store.list(alice, { first: 0, max: 10 })).total).to.equal(1)
    expect(await store.find(alice, Number.POSITIVE_INFINITY)).to.deep.equal(['s14'])
  })

  it('keeps what only an instance with newer keys can open', async () => {
    const newer = make([randomBytes(32), ...keys])
    await open(newer, 'sealed-anew')
    const older = make()
    expect((await older.list(alice, { first: 0, max: 10 })).sessions).to.deep.equal([])
    await open(older, 'another')
    expect(await older.find(alice, Number.POSITIVE_INFINITY)).to.include('sealed-anew')
    expect((await newer.list(alice, { first: 0, max: 10 })).sessions).to.have.length(2)
  })

  it('lives as long as its longest session, though a later one has a shorter life', async () => {
    const store = make()
    await open(store, 'long', 28_800_000)
    await open(store, 'short', 60_000)
    for (const key of await indexKeys()) expect(await world.redis.pTTL(key)).to.be.within(28_000_000, 28_800_000)
    await open(store, 'longer', 40_000_000)
    for (const key of await indexKeys()) expect(await world.redis.pTTL(key)).to.be.within(39_000_000, 40_000_000)
  })

  it('lets every key expire, and takes the small ones along when a session ends', async () => {
    const store = make()
    await open(store, 'a')
    await store.touch('a', the.record(clock.now()))
    for (const key of await world.redis.keys('*')) expect(await world.redis.pTTL(key), key).to.be.above(0)
    await store.destroy('a')
    expect(await world.redis.keys('*')).to.have.members(await indexKeys())
  })

  it('keeps no trace of a touch that came after the end', async () => {
    const store = make()
    await open(store, 'a')
    await store.destroy('a')
    await store.touch('a', the.record(clock.now()))
    expect(await world.redis.keys('*')).to.have.members(await indexKeys())
  })

  it('tells a reader of Redis neither who nor where nor with what', async () => {
    const store = make()
    await open(store, 'the-id')
    await store.touch('the-id', the.record(clock.now()))
    const names = (await world.redis.keys('*')).join(' ')
    const plain = await Promise.all(
      (await world.redis.keys('*')).map(async (key) =>
        (await world.redis.type(key)) === 'zset'
          ? (await world.redis.zRange(key, 0, -1)).join(' ')
          : await world.redis.get(key),
      ),
    )
    for (const secret of ['alice', 'acme', 'sso-of-alice', the.caller().id, '192.0.2.77', 'Firefox', the.alice().email])
      expect(`${names} ${plain.join(' ')}`, secret).not.to.include(secret)
  })
})
