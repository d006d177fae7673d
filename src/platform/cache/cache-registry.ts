import type { Cache, CacheInfo } from './cache.ts'

/** All named caches of this instance, and the bus that carries "clear" to the others. */
export interface CacheRegistry {
  add<V>(cache: Cache<V>): Cache<V>
  names(): string[]
  info(): Record<string, CacheInfo>
  /** Clears the named caches here and everywhere; answers how many instances were told (this one included). */
  clear(names: readonly string[]): Promise<{ cleared: string[]; instances: number }>
}

/** Carries messages to the other instances; answers how many instances received it, this one included. */
export interface Broadcast {
  publish(names: readonly string[]): Promise<number>
  subscribe(receive: (names: readonly string[]) => void): void
}

export function createCacheRegistry(broadcast?: Broadcast): CacheRegistry {
  const caches = new Map<string, Pick<Cache<unknown>, 'name' | 'clear' | 'info'>>()

  function clearHere(names: readonly string[]): string[] {
    const known = names.filter((name) => caches.has(name))
    for (const name of known) caches.get(name)?.clear()
    return known
  }

  broadcast?.subscribe((names) => void clearHere(names))
  return {
    add(cache) {
      if (caches.has(cache.name)) throw new Error(`two caches are named ${cache.name}`)
      caches.set(cache.name, cache)
      return cache
    },
    names: () => [...caches.keys()],
    info: () => Object.fromEntries([...caches].map(([name, cache]) => [name, cache.info()])),
    async clear(names) {
      const cleared = clearHere(names)
      const instances = broadcast === undefined ? 1 : await broadcast.publish(cleared)
      return { cleared, instances: Math.max(1, instances) }
    },
  }
}
