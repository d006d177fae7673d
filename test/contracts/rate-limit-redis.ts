import { createRateLimitLink, type RateLimitLink } from '../../src/edge/rate-limits/rate-limit-link.ts'
import { createRedisRateLimitStore } from '../../src/edge/rate-limits/redis-rate-limit-store.ts'
import { createSharedRateLimitStore } from '../../src/edge/rate-limits/shared-rate-limit-store.ts'
import type { Clock } from '../../src/platform/clock.ts'
import type { Redis } from '../../src/platform/redis/redis-client.ts'
import { WINDOW_SECONDS } from './rate-limit-store-contract.ts'

export const SECRET = Buffer.from('the secret of the rate limits in tests')

interface Kind {
  limit?: number
  strict?: boolean
}

/** Rate-limit stores as several instances make them, all of one limit, counted by the clock of the test. */
export function createSharedRateLimits(redis: Redis) {
  const closers: (() => void)[] = []
  const counter = (clock: Clock) =>
    createRedisRateLimitStore({
      redis,
      policy: 'orders',
      window: WINDOW_SECONDS,
      secret: SECRET,
      clock,
      time: clock.now,
    })

  /** One that a machine under load does not cut off; outages are another suite's business. */
  function patientLink(): RateLimitLink {
    const link = createRateLimitLink({
      probe: () => redis.ping(),
      onChange: (up, error) => {
        if (!up) throw new Error('Redis did not answer', { cause: error })
      },
      deadline: () => 10_000,
    })
    closers.push(link.close)
    return link
  }

  return {
    counter,
    /** The store of one more instance; by default the limit is far. */
    store(clock: Clock, { limit = 1_000_000, strict = false }: Kind = {}) {
      const parts = { counter: counter(clock), link: patientLink(), limit, window: WINDOW_SECONDS, strict, clock }
      const store = createSharedRateLimitStore(parts)
      closers.push(() => void store.close())
      return store
    },
    close(): void {
      for (const close of closers.splice(0)) close()
    },
  }
}

export type SharedRateLimits = ReturnType<typeof createSharedRateLimits>
