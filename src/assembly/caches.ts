import type { Cache } from '../platform/cache/cache.ts'
import { type CacheRegistry, createCacheRegistry } from '../platform/cache/cache-registry.ts'
import { createMemoryCache } from '../platform/cache/memory-cache.ts'
import { redisKeys } from '../platform/redis/redis-keys.ts'
import type { Foundation } from './foundation.ts'

export interface Caches {
  registry: CacheRegistry
  make<V>(
    name: string,
    limits: { ttl: number; maxSize: number },
    options?: { keepStale?: number; showKey?: (key: string) => string },
  ): Cache<V>
}

/** Named caches, and the channel on which "clear" reaches the other instances. */
export function assembleCaches({ clock, metrics, bus, log }: Foundation): Caches {
  const registry = createCacheRegistry(
    bus === undefined
      ? undefined
      : {
          publish: (names) =>
            bus.publish(redisKeys.clearCaches, JSON.stringify(names)).catch((error: unknown) => {
              log.warn('the other instances could not be told to clear their caches', { error })
              return 1
            }),
          subscribe: (receive) =>
            bus.subscribe(redisKeys.clearCaches, (message) => receive(JSON.parse(message) as string[])),
        },
  )
  return {
    registry,
    make: (name, limits, options) =>
      registry.add(
        createMemoryCache({
          name,
          ...limits,
          clock,
          ...options,
          onRead: (outcome) => metrics.cacheRead(name, outcome),
        }),
      ),
  }
}
