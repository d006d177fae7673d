/** One more request counted against a key. */
export interface Hit {
  /** Requests in the window, this one included; an estimate of a sliding window. */
  totalHits: number
  /** When the present window ends. */
  resetTime: Date
}

/**
 * Counts requests per key in a sliding window; the port that every implementation signs a contract for, and at the same
 * time a store for express-rate-limit. A store in this process answers at once, one elsewhere with a promise.
 */
export interface RateLimitStore {
  increment(key: string): Hit | Promise<Hit>
  decrement(key: string): void | Promise<void>
  resetKey(key: string): void | Promise<void>
}

/** What counters that several instances share say of a key. */
export interface SharedCount {
  /** Hits in the present fixed window, and in the one before. */
  current: number
  previous: number
  /** Milliseconds until the present one ends. */
  left: number
}

/** Counters that several instances share; rejects when they cannot be reached. */
export interface SharedCounter {
  /**
   * @param hits how many to add; negative ones give back
   * @param late how many to add to the window before
   */
  count(key: string, hits: number, late?: number): Promise<SharedCount>
  forget(key: string): Promise<void>
}
