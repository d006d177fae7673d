import { createHmac } from 'node:crypto'
import { createLimiter, type Limiter } from '../edge/rate-limits/limiter.ts'
import { createMemoryRateLimitStore } from '../edge/rate-limits/memory-rate-limit-store.ts'
import { createRateLimitLink } from '../edge/rate-limits/rate-limit-link.ts'
import type { RateLimitStore } from '../edge/rate-limits/rate-limit-store.ts'
import { createRedisRateLimitStore } from '../edge/rate-limits/redis-rate-limit-store.ts'
import { createSharedRateLimitStore } from '../edge/rate-limits/shared-rate-limit-store.ts'
import type { Config } from '../platform/config/config.ts'
import type { RateLimit } from '../platform/config/rate-limit-settings.ts'
import type { Redis } from '../platform/redis/redis-client.ts'
import type { Foundation } from './foundation.ts'

/** The gateway's own limits; routes have theirs, which may have the same names. */
export type OwnLimit = 'default' | 'login' | 'mails' | 'backchannel' | 'management' | 'auth-failures'

export interface Limits {
  /** The one store of an own limit, whoever asks it. */
  store(name: OwnLimit, policy: RateLimit | undefined): RateLimitStore
  limiter(name: OwnLimit, policy: RateLimit | undefined): Limiter | undefined
  routeLimiter(routeId: string, policy: RateLimit | undefined): Limiter | undefined
  /** Tells Redis what it does not know yet. */
  close(): Promise<void>
}

/** What guards against guessing is counted exactly; what guards against load need not wait for Redis. */
const AGAINST_LOAD: readonly OwnLimit[] = ['default', 'management']

type MakeStore = (policy: string, limit: RateLimit, strict: boolean) => RateLimitStore

/** Rate limits over all instances where there is a Redis, else in this process. */
export function assembleLimits(config: Config, foundation: Foundation): Limits {
  const { clock, metrics, redis } = foundation
  const shared = redis === undefined ? undefined : shareLimits(config, foundation, redis)
  const make: MakeStore = shared?.make ?? ((_policy, { window }) => createMemoryRateLimitStore(window, clock))
  const stores = new Map<string, RateLimitStore>()
  const storeOf: MakeStore = (policy, limit, strict) => {
    const store = stores.get(policy) ?? make(policy, limit, strict)
    stores.set(policy, store)
    return store
  }
  const limiterOf = (name: string, limit: RateLimit, store: RateLimitStore) =>
    createLimiter({ name, ...limit, store, clock, onLimited: metrics.rateLimited })
  const own = (name: OwnLimit, limit: RateLimit) => storeOf(`own ${name}`, limit, !AGAINST_LOAD.includes(name))

  return {
    store: (name, policy) => (policy === undefined ? createMemoryRateLimitStore(60, clock) : own(name, policy)),
    limiter: (name, policy) => (policy === undefined ? undefined : limiterOf(name, policy, own(name, policy))),
    routeLimiter: (id, policy) =>
      policy === undefined ? undefined : limiterOf(id, policy, storeOf(`route ${id}`, policy, false)),
    close: async () => shared?.close(),
  }
}

function shareLimits(config: Config, { clock, log, metrics, countersMs }: Foundation, redis: Redis) {
  const [key = Buffer.alloc(0)] = config.session.encryptionKeys
  const secret = createHmac('sha256', key).update('cloakroom rate limits').digest()
  const counterOf = (policy: string, window: number) =>
    createRedisRateLimitStore({ redis, policy, window, secret, clock })
  const probe = counterOf('probe', 60)
  const link = createRateLimitLink({
    probe: () => probe.count('', 1),
    ...(countersMs === undefined ? {} : { deadline: countersMs }),
    onChange(up, error) {
      metrics.limitsShared(up)
      if (up) log.info('rate limits are counted together with the other instances again')
      else log.warn('Redis does not count for the rate limits; until it does, this instance counts alone', { error })
    },
  })
  metrics.limitsShared(true)
  const closers: (() => Promise<void>)[] = []
  const make: MakeStore = (policy, limit, strict) => {
    const counter = counterOf(policy, limit.window)
    const { close, ...store } = createSharedRateLimitStore({ counter, link, ...limit, strict, clock })
    closers.push(close)
    return store
  }
  return {
    make,
    async close() {
      await Promise.all(closers.map((close) => close()))
      link.close()
    },
  }
}
