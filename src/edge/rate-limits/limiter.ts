import { ipKeyGenerator } from 'express-rate-limit'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { Hit, RateLimitStore } from './rate-limit-store.ts'

export interface LimiterParts {
  /** Names the policy in the headers and metrics. */
  name: string
  limit: number
  /** Seconds. */
  window: number
  store: RateLimitStore
  onLimited: (name: string) => void
  clock?: Clock
}

export interface Limit {
  /** `RateLimit` header fields to send (draft-ietf-httpapi-ratelimit-headers-08). */
  policy: string
  state: string
  /** How many more would pass now. */
  remaining: number
  /** Seconds after which one passes for certain, if none comes before. */
  retryAfter: number
}

/** A limit asked directly, without middleware, for the hot path. */
export interface Limiter {
  /** @throws GatewayError RATE_LIMITED, with `Retry-After` */
  take(key: string): Limit | Promise<Limit>
  /** Gives back what `take` counted: for limits that count failures only. */
  giveBack(key: string): void
  /** Tells that a request was refused because of this limit without being counted again. */
  noteRefusal(): void
}

export function createLimiter(parts: LimiterParts): Limiter {
  const { name, limit, window, store, onLimited, clock = systemClock } = parts
  const policy = `"${name}"; q=${limit}; w=${window}`
  function judge(hit: Hit): Limit {
    const now = clock.now()
    const seconds = Math.max(1, Math.ceil((hit.resetTime.getTime() - now) / 1000))
    const remaining = Math.max(0, limit - hit.totalHits)
    const state = `"${name}"; r=${remaining}; t=${seconds}`
    if (hit.totalHits < limit) return { policy, state, remaining, retryAfter: 0 }
    const retryAfter = secondsUntilRoom(hit, { limit, window }, now)
    if (hit.totalHits === limit) return { policy, state, remaining, retryAfter }
    onLimited(name)
    throw new GatewayError('RATE_LIMITED', {
      headers: { 'Retry-After': String(retryAfter), 'RateLimit-Policy': policy, RateLimit: state },
    })
  }
  return {
    take(key) {
      const hit = store.increment(key)
      return hit instanceof Promise ? hit.then(judge) : judge(hit)
    },
    giveBack: (key) => void store.decrement(key),
    noteRefusal: () => onLimited(name),
  }
}

/**
 * Whole seconds after which a caller that stays quiet has room again: not only the present window has to end, but enough
 * of it has to slide out of sight.
 */
export function secondsUntilRoom(
  { totalHits, resetTime }: Hit,
  { limit, window }: { limit: number; window: number },
  now: number,
): number {
  const share = Math.max(0, 1 - limit / Math.max(1, totalHits))
  return Math.max(1, Math.ceil((resetTime.getTime() - now + share * window * 1000 + 1) / 1000))
}

/** An address as a limit's key: IPv6 by its /56, which is what one customer is given. */
export function addressKey(address: string): string {
  return address.includes(':') ? ipKeyGenerator(address, 56) : address
}
