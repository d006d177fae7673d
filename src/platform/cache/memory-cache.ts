import type { Clock } from '../clock.ts'
import type { Cache } from './cache.ts'
import { createSingleFlight } from './single-flight.ts'

export interface MemoryCacheOptions {
  name: string
  /** Seconds; 0 turns the cache off: every read loads, still one load at a time. */
  ttl: number
  maxSize: number
  clock: Clock
  /** Seconds an expired value stays readable through `peek`; default 0. */
  keepStale?: number
  /** What `/cache/info` may show of a key; default the key itself. */
  showKey?: (key: string) => string
  onRead?: (outcome: 'hit' | 'miss') => void
}

interface Entry<V> {
  value: V
  storedAt: number
  expiresAt: number
  /** Read since it was last considered for eviction. */
  used: boolean
}

/**
 * A cache in this process that lets go of what has not been read for long (CLOCK, or second chance: a read sets a mark
 * instead of moving the entry, which on the hot path costs more than the read). A Map keeps insertion order, so the first
 * key is the oldest.
 */
export function createMemoryCache<V>(options: MemoryCacheOptions): Cache<V> {
  const { name, maxSize, clock, keepStale = 0, showKey = (key: string) => key, onRead = () => undefined } = options
  const entries = new Map<string, Entry<V>>()
  const flight = createSingleFlight<V>()
  let { ttl } = options
  let generation = 0
  let hits = 0
  let misses = 0

  function fresh(key: string): V | undefined {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    const now = clock.now()
    if (now < entry.expiresAt) {
      entry.used = true
      return entry.value
    }
    if (isGone(entry)) entries.delete(key)
    return undefined
  }

  const isGone = ({ expiresAt }: Entry<V>) => clock.now() >= expiresAt + keepStale * 1000

  function read(key: string): V | undefined {
    const value = fresh(key)
    if (value === undefined) misses++
    else hits++
    onRead(value === undefined ? 'miss' : 'hit')
    return value
  }

  function set(key: string, value: V, ttlSeconds = ttl): void {
    const life = Math.min(ttl, ttlSeconds)
    if (life <= 0 || maxSize <= 0) return
    const now = clock.now()
    entries.delete(key)
    if (entries.size >= maxSize) makeRoom()
    entries.set(key, { value, storedAt: now, expiresAt: now + life * 1000, used: false })
  }

  function makeRoom(): void {
    for (const [key, entry] of entries) {
      entries.delete(key)
      if (!entry.used) return
      entry.used = false
      entries.set(key, entry)
    }
  }

  return {
    name,
    get: read,
    peek(key) {
      const entry = entries.get(key)
      if (entry === undefined || isGone(entry)) return undefined
      return { value: entry.value, ageMs: clock.now() - entry.storedAt }
    },
    async getOrLoad(key, load) {
      const known = read(key)
      if (known !== undefined) return known
      // A load that began before a clear must not bring back what was cleared, and a call after it must not join it.
      const born = generation
      return flight(`${born} ${key}`, async () => {
        let life = ttl
        const value = await load((seconds) => {
          life = seconds
        })
        if (born === generation && fresh(key) === undefined) set(key, value, life)
        return value
      })
    },
    reload(key, load) {
      const born = generation
      return flight(`${born} ${key}`, async () => {
        const value = await load()
        if (born === generation) set(key, value)
        return value
      })
    },
    set,
    delete(key) {
      generation++
      entries.delete(key)
    },
    clear() {
      generation++
      entries.clear()
    },
    setTtl(seconds) {
      ttl = seconds
      for (const entry of entries.values()) entry.expiresAt = Math.min(entry.expiresAt, entry.storedAt + seconds * 1000)
    },
    info() {
      const now = clock.now()
      const live = [...entries].filter(([, entry]) => now < entry.expiresAt).map(([key]) => showKey(key))
      return { maxsize: maxSize, ttl, current_size: live.length, hits, misses, keys: live.slice(0, 100) }
    },
  }
}
