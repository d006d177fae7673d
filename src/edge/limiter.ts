import { ipKeyGenerator } from 'express-rate-limit'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { Hit, RateLimitStore } from './rate-limit-store.ts'

export interface LimiterParts {
  /** Names the policy in the headers and metrics. */
  name: string
  limit: number
  /** Seconds. */
  window: number
  store: RateLimitStore
  onLimited: (name: string) => void
}

export interface Limit {
  /** `RateLimit` header fields to send (draft-ietf-httpapi-ratelimit-headers-08). */
  policy: string
  state: string
}

/** A limit asked directly, without middleware, for the hot path. */
export interface Limiter {
  /** @throws GatewayError RATE_LIMITED, with `Retry-After` */
  take(key: string): Limit | Promise<Limit>
  /** Gives back what `take` counted: for limits that count failures only. */
  giveBack(key: string): void
}

export function createLimiter({ name, limit, window, store, onLimited }: LimiterParts): Limiter {
  const policy = `"${name}"; q=${limit}; w=${window}`
  function judge({ totalHits, resetTime }: Hit): Limit {
    const seconds = Math.max(1, Math.ceil((resetTime.getTime() - Date.now()) / 1000))
    const state = `"${name}"; r=${Math.max(0, limit - totalHits)}; t=${seconds}`
    if (totalHits <= limit) return { policy, state }
    onLimited(name)
    throw new GatewayError('RATE_LIMITED', {
      headers: { 'Retry-After': String(seconds), 'RateLimit-Policy': policy, RateLimit: state },
    })
  }
  return {
    take(key) {
      const hit = store.increment(key)
      return hit instanceof Promise ? hit.then(judge) : judge(hit)
    },
    giveBack: (key) => void store.decrement(key),
  }
}

/** An address as a limit's key: IPv6 by its /56, which is what one customer is given. */
export function addressKey(address: string): string {
  return address.includes(':') ? ipKeyGenerator(address, 56) : address
}
