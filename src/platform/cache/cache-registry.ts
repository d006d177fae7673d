import type { Cache, CacheInfo } from './cache.ts'

/** All named caches of this instance, and the bus that carries "clear" to the others. */
export interface CacheRegistry {
  add<V>(cache: Cache<V>): Cache<V>
  names(): string[]
  info(): Record<string, CacheInfo>
  /** Another time to live, here; a name that nobody has is passed over. */
  setTtl(name: string, seconds: number): void
  /** Drops single entries here and everywhere; names and keys that nobody has are passed over. */
  drop(entries: readonly CacheEntry[]): Promise<void>
  /** Clears the named caches of this instance; answers which of them there are. */
  clearHere(names: readonly string[]): string[]
  /** Clears the named caches here and everywhere; answers how many instances were told (this one included). */
  clear(names: readonly string[]): Promise<{ cleared: string[]; instances: number }>
}

/** One thing that a cache remembers. */
export interface CacheEntry {
  readonly cache: string
  readonly key: string
}

/** Carries messages to the other instances; answers how many instances received it, this one included. */
export interface Broadcast {
  publish(what: readonly (string | CacheEntry)[]): Promise<number>
  subscribe(receive: (what: readonly (string | CacheEntry)[]) => void): void
}

export function createCacheRegistry(broadcast?: Broadcast): CacheRegistry {
  const caches = new Map<string, Pick<Cache<unknown>, 'name' | 'clear' | 'delete' | 'info' | 'setTtl'>>()

  function clearHere(names: readonly string[]): string[] {
    const known = names.filter((name) => caches.has(name))
    for (const name of known) caches.get(name)?.clear()
    return known
  }

  const dropHere = (entries: readonly CacheEntry[]) => {
    for (const { cache, key } of entries) caches.get(cache)?.delete(key)
  }

  broadcast?.subscribe((what) => {
    clearHere(what.filter((one) => typeof one === 'string'))
    dropHere(what.filter((one) => typeof one !== 'string'))
  })
  return {
    add(cache) {
      if (caches.has(cache.name)) throw new Error(`two caches are named ${cache.name}`)
      caches.set(cache.name, cache)
      return cache
    },
    names: () => [...caches.keys()],
    info: () => Object.fromEntries([...caches].map(([name, cache]) => [name, cache.info()])),
    setTtl: (name, seconds) => caches.get(name)?.setTtl(seconds),
    async drop(entries) {
      dropHere(entries)
      if (entries.length > 0) await broadcast?.publish(entries)
    },
    clearHere,
    async clear(names) {
      const cleared = clearHere(names)
      if (cleared.length === 0) return { cleared, instances: 1 }
      const instances = broadcast === undefined ? 1 : await broadcast.publish(cleared)
      return { cleared, instances: Math.max(1, instances) }
    },
  }
}
