import type { Clock } from '../../platform/clock.ts'
import type { RateLimitStore } from './rate-limit-store.ts'
import { emptyWindow, estimate, type SlidingWindow, slide } from './sliding-window.ts'

const MAX_KEYS = 100_000

/**
 * Counts in this process. Constant memory per key, at most 100,000 keys (the oldest go first).
 * @param windowSeconds length of the window
 */
export function createMemoryRateLimitStore(windowSeconds: number, clock: Clock): RateLimitStore {
  const length = windowSeconds * 1000
  const windows = new Map<string, SlidingWindow>()

  function windowOf(key: string, now: number): SlidingWindow {
    const found = windows.get(key)
    if (found !== undefined) {
      slide(found, now, length)
      return found
    }
    if (windows.size >= MAX_KEYS) {
      const oldest = windows.keys().next()
      if (!oldest.done) windows.delete(oldest.value)
    }
    const fresh = emptyWindow(now, length)
    windows.set(key, fresh)
    return fresh
  }

  return {
    increment(key) {
      const now = clock.now()
      const window = windowOf(key, now)
      window.current++
      const { current, previous, endsAt } = window
      return { totalHits: estimate(current, previous, endsAt - now, length), resetTime: new Date(endsAt) }
    },
    decrement(key) {
      const window = windows.get(key)
      if (window !== undefined && window.current > 0) window.current--
    },
    resetKey(key) {
      windows.delete(key)
    },
  }
}
