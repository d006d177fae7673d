import type { Clock } from '../../platform/clock.ts'
import { type KnownWindow, knownHits, learn, moveOn, takeUntold, unknownWindow } from './known-window.ts'
import type { RateLimitLink } from './rate-limit-link.ts'
import { createRateLimitReports } from './rate-limit-reports.ts'
import type { Hit, RateLimitStore, SharedCount, SharedCounter } from './rate-limit-store.ts'
import { estimate } from './sliding-window.ts'

export interface SharedRateLimitStoreParts {
  counter: SharedCounter
  link: RateLimitLink
  limit: number
  /** Seconds. */
  window: number
  /** Whether the counters are asked about every hit that could pass, so that no instance lets one too many pass. */
  strict: boolean
  clock: Clock
}

export interface SharedRateLimitStore extends RateLimitStore {
  /** Tells what is untold, and stops. */
  close(): Promise<void>
}

const MAX_KEYS = 100_000
/** So much of a limit one instance may let pass before it tells; more than that many instances cannot exceed it by. */
const UNTOLD_SHARE = 0.01
/** Of the last part of a limit every hit is asked about. */
const NEAR_SHARE = 0.05

/**
 * Counts for several instances together without asking each time. A hit is answered here, at once, as long as its key is
 * known, the limit is not near and less than 1 % of the limit is untold; what is untold is told in batches. So n instances
 * let pass at most n % more than the limit, and nothing more than the limit where that is below 100 or `strict`. A refusal
 * that is certain needs no asking either. While the counters are away, this process goes on from what it last knew.
 */
export function createSharedRateLimitStore(parts: SharedRateLimitStoreParts): SharedRateLimitStore {
  const { counter, link, limit, window, strict, clock } = parts
  const length = window * 1000
  const budget = strict ? 0 : Math.floor(limit * UNTOLD_SHARE)
  const nearFrom = limit - Math.ceil(limit * NEAR_SHARE)
  const known = new Map<string, KnownWindow>()
  const reports = createRateLimitReports({ send: report, maySend: link.isUp })
  link.onReturn(() => void reports.flush())

  function windowOf(key: string, now: number): KnownWindow {
    const found = known.get(key)
    if (found !== undefined) {
      moveOn(found, now, length)
      return found
    }
    if (known.size >= MAX_KEYS) forgetOldest()
    const fresh = unknownWindow(key, now, length)
    known.set(key, fresh)
    return fresh
  }

  function forgetOldest(): void {
    const oldest = known.values().next()
    if (oldest.done) return
    known.delete(oldest.value.key)
    // During an outage nobody else would ever let go of it.
    if (!link.isUp()) reports.drop(oldest.value)
  }

  function mayAnswerHere(window: KnownWindow, total: number): boolean {
    if (!link.isUp()) return true
    if (!window.known) return false
    if (total > limit) return true
    return total <= nearFrom && window.untold + window.untoldBefore + window.underway < budget
  }

  function answerHere(window: KnownWindow, totalHits: number): Hit {
    window.untold++
    if (window.untold > budget / 2 && totalHits <= limit) reports.atOnce(window)
    else reports.soon(window)
    return { totalHits, resetTime: window.resetTime }
  }

  async function ask(window: KnownWindow, totalHits: number): Promise<Hit> {
    const answer = await tell(window, 1)
    if (answer === undefined) return { totalHits, resetTime: window.resetTime }
    const { current, previous, left } = answer
    return { totalHits: estimate(current, previous, left, length), resetTime: window.resetTime }
  }

  async function report(window: KnownWindow): Promise<void> {
    moveOn(window, clock.now(), length)
    if (window.untold + window.untoldBefore > 0) await tell(window, 0)
  }

  async function tell(window: KnownWindow, more: number): Promise<SharedCount | undefined> {
    const untold = takeUntold(window)
    const hits = untold.hits + more
    window.underway += hits
    const answer = await link.ask(() => counter.count(window.key, hits, untold.late))
    window.underway -= hits
    if (answer === undefined) {
      // They may have arrived all the same, so they are not told twice.
      window.previous += untold.late
      moveOn(window, clock.now(), length)
      window.current += hits
      window.known = false
    } else learn(window, answer, clock.now())
    return answer
  }

  return {
    increment(key) {
      const now = clock.now()
      const window = windowOf(key, now)
      const total = knownHits(window, now, length) + 1
      return mayAnswerHere(window, total) ? answerHere(window, total) : ask(window, total)
    },
    decrement(key) {
      const window = known.get(key)
      if (window !== undefined && window.untold > 0) {
        window.untold--
        return undefined
      }
      if (window !== undefined && window.current > 0) window.current--
      return link.isUp() ? link.ask(() => counter.count(key, -1)).then(() => undefined) : undefined
    },
    async resetKey(key) {
      const window = known.get(key)
      if (window !== undefined) reports.drop(window)
      known.delete(key)
      if (link.isUp()) await link.ask(() => counter.forget(key))
    },
    async close() {
      await reports.flush()
      reports.close()
    },
  }
}
