import type { Clock } from '../platform/clock.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

interface Counter {
  window: number
  current: number
  previous: number
}

const MAX_KEYS = 100_000

/**
 * A sliding window from two fixed ones: the previous window counts by the share of it that still overlaps. Constant
 * memory per key, at most 100,000 keys (the oldest go first).
 * @param windowSeconds length of the window
 */
export function createMemoryRateLimitStore(windowSeconds: number, clock: Clock): RateLimitStore {
  const length = windowSeconds * 1000
  const counters = new Map<string, Counter>()

  function counterOf(key: string, window: number): Counter {
    const found = counters.get(key)
    if (found === undefined) {
      if (counters.size >= MAX_KEYS) {
        const oldest = counters.keys().next()
        if (!oldest.done) counters.delete(oldest.value)
      }
      const fresh = { window, current: 0, previous: 0 }
      counters.set(key, fresh)
      return fresh
    }
    if (found.window !== window) {
      found.previous = found.window === window - 1 ? found.current : 0
      found.current = 0
      found.window = window
    }
    return found
  }

  return {
    increment(key) {
      const now = clock.now()
      const window = Math.floor(now / length)
      const counter = counterOf(key, window)
      counter.current++
      const left = (window + 1) * length - now
      return {
        totalHits: counter.current + Math.floor((counter.previous * left) / length),
        resetTime: new Date((window + 1) * length),
      }
    },
    decrement(key) {
      const counter = counters.get(key)
      if (counter !== undefined && counter.current > 0) counter.current--
    },
    resetKey(key) {
      counters.delete(key)
    },
  }
}
