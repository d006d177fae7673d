import { z } from 'zod'
import type { Cache } from '../platform/cache/cache.ts'
import { type CacheRegistry, createCacheRegistry } from '../platform/cache/cache-registry.ts'
import { createMemoryCache } from '../platform/cache/memory-cache.ts'
import { redisKeys } from '../platform/redis/redis-keys.ts'
import type { Foundation } from './foundation.ts'

export interface Caches {
  registry: CacheRegistry
  /** Whatever is remembered of users, groups and roles, on every instance. */
  forgetAdministered: () => Promise<unknown>
  /** What clients were told of tokens, on every instance; where that is remembered at all. Never throws. */
  forgetIntrospections: () => Promise<unknown>
  make<V>(
    name: string,
    limits: { ttl: number; maxSize: number },
    options?: { keepStale?: number; showKey?: (key: string) => string },
  ): Cache<V>
}

/** Caches of what administrators change. */
const ADMINISTERED = ['user_info', 'user_lists', 'groups', 'roles', 'introspection']

/** Names of caches, and single entries. */
const told = z.array(z.union([z.string(), z.strictObject({ cache: z.string(), key: z.string() })]))

/** Named caches, and the channel on which "clear" reaches the other instances. */
export function assembleCaches({ clock, metrics, bus, log }: Foundation): Caches {
  const registry = createCacheRegistry(
    bus === undefined
      ? undefined
      : {
          publish: (what) =>
            bus.publish(redisKeys.clearCaches, JSON.stringify(what)).catch((error: unknown) => {
              log.warn('the other instances could not be told to clear their caches', { error })
              return 1
            }),
          subscribe: (receive) =>
            bus.subscribe(redisKeys.clearCaches, (message) => receive(told.parse(JSON.parse(message)))),
        },
  )
  // While the ear was closed, an administrator at another instance may have changed anything.
  bus?.onReconnect(() => registry.clearHere(ADMINISTERED))
  return {
    registry,
    forgetAdministered: () => registry.clear(ADMINISTERED),
    async forgetIntrospections() {
      if ((registry.info().introspection?.ttl ?? 0) > 0) await registry.clear(['introspection'])
    },
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
