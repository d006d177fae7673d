import type { Clock } from '../../platform/clock.ts'

/** Denied tokens in this process: bounded, and each entry goes when its token could not be used any more. */
export interface DeniedTokens {
  has(key: string): boolean
  /** False when there is no room for it. */
  add(key: string, until: number): boolean
  /** Those that still matter. */
  entries(): { key: string; until: number }[]
}

/** Milliseconds between two searches for entries whose time is over. */
const SWEEP_MS = 60_000

export function createDeniedTokens({ clock, maxSize }: { clock: Clock; maxSize: number }): DeniedTokens {
  const ends = new Map<string, number>()
  let sweptAt = Number.NEGATIVE_INFINITY

  function sweep(now: number): void {
    sweptAt = now
    for (const [key, until] of ends) if (until <= now) ends.delete(key)
  }

  return {
    has(key) {
      if (ends.size === 0) return false
      const until = ends.get(key)
      return until !== undefined && clock.now() < until
    },
    add(key, until) {
      const now = clock.now()
      if (now - sweptAt >= SWEEP_MS || ends.size >= maxSize) sweep(now)
      const known = ends.get(key)
      if (known === undefined && ends.size >= maxSize) return false
      ends.set(key, Math.max(known ?? until, until))
      return true
    },
    entries() {
      sweep(clock.now())
      return [...ends].map(([key, until]) => ({ key, until }))
    },
  }
}
