import type { SharedCount } from './rate-limit-store.ts'
import { emptyWindow, estimate, type SlidingWindow, slide } from './sliding-window.ts'

/** What this process knows of one key: what the shared counters said last, and what they have not been told yet. */
export interface KnownWindow extends SlidingWindow {
  readonly key: string
  /** Hits of the present window, and of the one before, that the counters have not been told of. */
  untold: number
  untoldBefore: number
  /** Told, but not answered yet. */
  underway: number
  /** False before the first answer, after a failure, and when the last answer is too old to be of use. */
  known: boolean
  resetTime: Date
}

export function unknownWindow(key: string, now: number, length: number): KnownWindow {
  const empty = emptyWindow(now, length)
  return { key, ...empty, untold: 0, untoldBefore: 0, underway: 0, known: false, resetTime: new Date(empty.endsAt) }
}

/** Moves it on to the present; hits that nobody was told of slide along. */
export function moveOn(window: KnownWindow, now: number, length: number): void {
  const { endsAt } = window
  const isNext = slide(window, now, length)
  if (window.endsAt === endsAt) return
  window.untoldBefore = isNext ? window.untold : 0
  window.untold = 0
  if (!isNext) window.known = false
  window.resetTime = new Date(window.endsAt)
}

/** The hits of the last `length` milliseconds, as far as this process knows: at least so many there were. */
export function knownHits(window: KnownWindow, now: number, length: number): number {
  const before = window.previous + window.untoldBefore
  const present = window.current + window.untold + window.underway
  return estimate(present, before, window.endsAt - now, length)
}

/** Takes out what is untold, to be told. */
export function takeUntold(window: KnownWindow): { hits: number; late: number } {
  const { untold: hits, untoldBefore: late } = window
  window.untold = 0
  window.untoldBefore = 0
  return { hits, late }
}

export function learn(window: KnownWindow, { current, previous, left }: SharedCount, now: number): void {
  window.current = current
  window.previous = previous
  window.endsAt = now + left
  window.resetTime = new Date(window.endsAt)
  window.known = true
}
