import { createLimiter, type Limiter } from '../edge/limiter.ts'
import { createMemoryRateLimitStore } from '../edge/memory-rate-limit-store.ts'
import type { RateLimitStore } from '../edge/rate-limit-store.ts'
import type { RateLimit } from '../platform/config/rate-limit-settings.ts'
import type { Foundation } from './foundation.ts'

export interface Limits {
  store(policy: RateLimit | undefined): RateLimitStore
  limiter(name: string, policy: RateLimit | undefined): Limiter | undefined
}

/** Rate limits in this process; a store in Redis signs the same contract. */
export function assembleLimits({ clock, metrics }: Foundation): Limits {
  const store = (policy: RateLimit | undefined) => createMemoryRateLimitStore(policy?.window ?? 60, clock)
  return {
    store,
    limiter: (name, policy) =>
      policy === undefined
        ? undefined
        : createLimiter({ name, ...policy, store: store(policy), onLimited: metrics.rateLimited }),
  }
}
