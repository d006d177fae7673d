import type { SharedCount, SharedCounter } from '../../../src/edge/rate-limits/rate-limit-store.ts'
import { emptyWindow, slide } from '../../../src/edge/rate-limits/sliding-window.ts'
import type { Clock } from '../../../src/platform/clock.ts'

export interface FakeCounter extends SharedCounter {
  /** Every call that arrived, refused ones too. */
  readonly calls: { key: string; hits: number; late: number }[]
  /** From now on it fails, or works again. */
  fails(yes: boolean): void
  /** From now on answers are kept back, in the order of the calls. */
  hold(): void
  /** Lets one answer go, or all of them and those to come. */
  release(count?: number): void
}

/** Counters that work like those in Redis and do as they are told; they act at once and answer when they may. */
export function fakeCounter(clock: Clock, windowSeconds: number): FakeCounter {
  const length = windowSeconds * 1000
  const windows = new Map<string, ReturnType<typeof emptyWindow>>()
  const calls: FakeCounter['calls'] = []
  const held: (() => void)[] = []
  let failing = false
  let holding = false

  function answer<T>(value: T): Promise<T> {
    if (!holding) return Promise.resolve(value)
    return new Promise((resolve) => held.push(() => resolve(value)))
  }

  function act(key: string, hits: number, late: number): SharedCount {
    const now = clock.now()
    const window = windows.get(key) ?? emptyWindow(now, length)
    windows.set(key, window)
    slide(window, now, length)
    window.current = Math.max(0, window.current + hits)
    window.previous += late
    return { current: window.current, previous: window.previous, left: window.endsAt - now }
  }

  return {
    calls,
    count(key, hits, late = 0) {
      calls.push({ key, hits, late })
      return failing ? Promise.reject(new Error('the counters are away')) : answer(act(key, hits, late))
    },
    async forget(key) {
      windows.delete(key)
    },
    fails(yes) {
      failing = yes
    },
    hold() {
      holding = true
    },
    release(count) {
      if (count === undefined) holding = false
      for (const go of held.splice(0, count ?? held.length)) go()
    },
  }
}
