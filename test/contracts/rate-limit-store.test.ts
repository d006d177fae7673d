import { createMemoryRateLimitStore } from '../../src/edge/rate-limits/memory-rate-limit-store.ts'
import type { RateLimitStore } from '../../src/edge/rate-limits/rate-limit-store.ts'
import { needRedis } from '../support/redis-server.ts'
import { type TestClock, testClock } from '../support/test-clock.ts'
import { createSharedRateLimits, type SharedRateLimits } from './rate-limit-redis.ts'
import { rateLimitStoreContract, WINDOW_SECONDS } from './rate-limit-store-contract.ts'
import { type RedisWorld, startRedisWorld } from './redis-world.ts'

/** Moments of the ten-second window, in milliseconds from its beginning: a promise holds at each of them. */
const MOMENTS = [0, 1, 5_000, 9_000, 9_999]

function contractAtAllMoments(name: string, make: (clock: TestClock) => RateLimitStore): void {
  for (const moment of MOMENTS)
    rateLimitStoreContract(`${name}, ${moment} ms into its window,`, () => {
      const clock = testClock(1_700_000_000_000 + moment)
      return { store: make(clock), advance: (seconds) => clock.advance(`${seconds * 1000}ms`), now: clock.now }
    })
}

contractAtAllMoments('the memory store', (clock) => createMemoryRateLimitStore(WINDOW_SECONDS, clock))

describe('with a real Redis', () => {
  let world: RedisWorld
  let shared: SharedRateLimits
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
  })
  after(() => world?.stop())
  beforeEach(async () => {
    await world.empty()
    shared = createSharedRateLimits(world.redis)
  })
  afterEach(() => shared.close())

  contractAtAllMoments('the Redis store', (clock) => shared.counter(clock))

  contractAtAllMoments('two Redis stores in turn', (clock) => inTurn(shared.counter(clock), shared.counter(clock)))

  contractAtAllMoments('a strict store of one instance', (clock) => shared.store(clock, { strict: true }))

  contractAtAllMoments('the strict stores of two instances in turn', (clock) =>
    inTurn(shared.store(clock, { strict: true }), shared.store(clock, { strict: true })),
  )

  contractAtAllMoments('a store of one instance that asks now and then', (clock) => shared.store(clock))

  contractAtAllMoments('the stores of two instances of a small limit in turn', (clock) =>
    inTurn(shared.store(clock, { limit: 99 }), shared.store(clock, { limit: 99 })),
  )
})

/** The same key is counted now by the one and now by the other. */
function inTurn(...stores: readonly [RateLimitStore, RateLimitStore]): RateLimitStore {
  let calls = 0
  const next = () => stores[calls++ % 2 === 0 ? 0 : 1]
  return {
    increment: (key) => next().increment(key),
    decrement: (key) => next().decrement(key),
    resetKey: (key) => next().resetKey(key),
  }
}
