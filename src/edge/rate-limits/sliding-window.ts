/**
 * A sliding window made of two fixed ones: the previous one counts by the share of it that still overlaps, so a counter
 * needs the same few bytes whatever the limit is.
 */
export interface SlidingWindow {
  /** Hits in the fixed window that ends at `endsAt`. */
  current: number
  /** Hits in the one before. */
  previous: number
  /** Milliseconds since the epoch. */
  endsAt: number
}

/** A window in which nothing has happened yet; its edges are multiples of the length, on every instance the same. */
export function emptyWindow(now: number, length: number): SlidingWindow {
  return { current: 0, previous: 0, endsAt: endOf(now, length) }
}

/**
 * Moves a window on to the present.
 * @param length milliseconds
 * @returns false when nothing it held is of use any more and it begins anew
 */
export function slide(window: SlidingWindow, now: number, length: number): boolean {
  const late = now - window.endsAt
  // A clock that was set back by less than a window (at an edge, by a correction) must not wipe what was counted.
  if (late < 0 && late >= -2 * length) return true
  const isNext = late >= 0 && late < length
  window.previous = isNext ? window.current : 0
  window.current = 0
  window.endsAt = isNext ? window.endsAt + length : endOf(now, length)
  return isNext
}

/**
 * The estimated hits of the last `length` milliseconds.
 * @param left milliseconds until the present fixed window ends
 */
export function estimate(current: number, previous: number, left: number, length: number): number {
  return previous === 0 ? current : current + Math.floor((previous * Math.min(length, left)) / length)
}

function endOf(now: number, length: number): number {
  return (Math.floor(now / length) + 1) * length
}
