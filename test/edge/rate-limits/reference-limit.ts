import fc from 'fast-check'
import type { SharedCount } from '../../../src/edge/rate-limits/rate-limit-store.ts'

export type Command =
  | { does: 'hit'; key: string; hits: number; late: number }
  | { does: 'give back' | 'forget'; key: string }
  | { does: 'wait'; milliseconds: number }

const key = fc.constantFrom('alice', 'bob')

/** What may happen to a limit with a window of ten seconds; the clock is sometimes set back. */
export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        does: fc.constant('hit' as const),
        key,
        hits: fc.integer({ min: 1, max: 20 }),
        late: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 9 })),
      }),
    },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('wait' as const), milliseconds: waits() }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('give back' as const, 'forget' as const), key }) },
  ),
  { minLength: 1, maxLength: 40 },
)

function waits(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: -12_000, max: 40_000 }))
}

/** The hits of every fixed window, kept for ever: slow, large and easy to believe. */
export function referenceLimit(length: number, now: () => number) {
  const keys = new Map<string, { latest: number; hits: Map<number, number> }>()

  return {
    count(name: string, hits: number, late: number): SharedCount {
      const moment = now()
      let window = Math.floor(moment / length)
      let left = (window + 1) * length - moment
      const found = keys.get(name) ?? { latest: window, hits: new Map() }
      keys.set(name, found)
      if (found.latest === window + 1) {
        window = found.latest
        left = length
      } else if (found.latest > window) found.hits.clear()
      found.latest = window
      const at = (which: number) => found.hits.get(which) ?? 0
      found.hits.set(window, at(window) + hits)
      found.hits.set(window - 1, at(window - 1) + late)
      return { current: at(window), previous: at(window - 1), left }
    },
    giveBack(name: string): void {
      const found = keys.get(name)
      if (found === undefined) return
      found.hits.set(found.latest, Math.max(0, (found.hits.get(found.latest) ?? 0) - 1))
    },
    forget: (name: string) => void keys.delete(name),
  }
}
