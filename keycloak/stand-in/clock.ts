/** Time for one stand-in. Tests move it forward to let sessions and tokens grow old without waiting. */
export type Clock = {
  /** Milliseconds since 1970, moved forward by whatever {@link Clock.advance} was told. */
  now(): number
  /** Whole seconds since 1970: the unit of every time in a token. */
  seconds(): number
  /** Moves the clock forward by so many seconds. It never goes back. */
  advance(seconds: number): void
}

/**
 * Makes a clock.
 * @param source where the real time comes from, in milliseconds since 1970
 */
export function createClock(source: () => number = Date.now): Clock {
  let ahead = 0
  const now = () => source() + ahead
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    advance(seconds) {
      if (!(seconds >= 0)) throw new RangeError(`The clock only goes forward, but was asked to move by ${seconds} s.`)
      ahead += seconds * 1000
    },
  }
}
