import { setImmediate as turn } from 'node:timers/promises'
import { createRateLimitLink } from '../../../src/edge/rate-limits/rate-limit-link.ts'
import { createSharedRateLimitStore } from '../../../src/edge/rate-limits/shared-rate-limit-store.ts'
import { testClock } from '../../support/test-clock.ts'
import { fakeCounter } from './fake-counter.ts'

/** 20 s after the beginning of a window of 60 s. */
export const START = 1_700_000_000_000
export const WINDOW_SECONDS = 60

/** Instances that count one limit together; their counters are fake, their time stands still. */
export function sharedScene({ limit = 6_000, strict = false, instances = 1 } = {}) {
  const clock = testClock(START)
  const counter = fakeCounter(clock, WINDOW_SECONDS)
  const changes: boolean[] = []

  function join() {
    const link = createRateLimitLink({
      probe: () => counter.count('probe', 1),
      onChange: (up) => void changes.push(up),
      pause: 5,
    })
    return { link, store: createSharedRateLimitStore({ counter, link, limit, window: WINDOW_SECONDS, strict, clock }) }
  }

  const first = join()
  const all = [first, ...Array.from({ length: instances - 1 }, join)]
  return {
    clock,
    counter,
    /** What the instances were told of their way to the counters. */
    changes,
    all,
    ...first,
    /** What the counters were told of alice. */
    told: () => counter.calls.filter(({ key }) => key === 'alice'),
    /** Hits of alice, one after the other, at one instance; answers what the last one was told. */
    async hits(count: number, { store } = first): Promise<number> {
      let total = 0
      for (let i = 0; i < count; i++) {
        const hit = await store.increment('alice')
        total = hit.totalHits
        if (i % 10 === 9) await turn()
      }
      return total
    },
  }
}
