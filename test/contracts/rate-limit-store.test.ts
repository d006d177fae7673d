import { createMemoryRateLimitStore } from '../../src/edge/memory-rate-limit-store.ts'
import { testClock } from '../support/test-clock.ts'
import { rateLimitStoreContract, WINDOW_SECONDS } from './rate-limit-store-contract.ts'

/** Moments of the ten-second window, in milliseconds from its beginning: a promise holds at each of them. */
for (const moment of [0, 1, 5_000, 9_000, 9_999])
  rateLimitStoreContract(`the memory store, ${moment} ms into its window,`, () => {
    const clock = testClock(1_700_000_000_000 + moment)
    return {
      store: createMemoryRateLimitStore(WINDOW_SECONDS, clock),
      advance: (seconds) => clock.advance(`${seconds * 1000}ms`),
      now: clock.now,
    }
  })
