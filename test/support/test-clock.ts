import type { Clock } from '../../src/platform/clock.ts'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

export interface TestClock extends Clock {
  /** `advance('8m')`, `advance('30s')`, `advance('250ms')`. */
  advance(by: string): void
}

/** A clock that stands still until it is told to move. */
export function testClock(start = Date.now()): TestClock {
  let now = start
  return {
    now: () => now,
    advance(by) {
      const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(by) ?? []
      if (amount === undefined) throw new Error(`"${by}" is not a time span such as 8m`)
      now += Number(amount) * UNITS[unit as keyof typeof UNITS]
    },
  }
}
