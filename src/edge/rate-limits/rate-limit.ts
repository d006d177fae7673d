import type { Request, RequestHandler } from 'express'
import { rateLimit as expressRateLimit, type RateLimitInfo } from 'express-rate-limit'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { contextOf } from '../../platform/observability/request-context.ts'
import { addressKey, secondsUntilRoom } from './limiter.ts'
import type { RateLimitStore } from './rate-limit-store.ts'

export interface RateLimitParts {
  name: string
  /** Undefined where the limit is off. */
  policy: { limit: number; window: number } | undefined
  store: RateLimitStore
  /** Whom to count, where an identity is known; default the address. */
  identityKey?: (req: Request) => string | undefined
  onLimited: (name: string) => void
}

/** express-rate-limit for endpoints that are called rarely: login, management, back-channel. */
export function rateLimit({ name, policy, store, identityKey, onLimited }: RateLimitParts): RequestHandler {
  if (policy === undefined) {
    return function unlimited(_req, _res, next) {
      next()
    }
  }
  return expressRateLimit({
    windowMs: policy.window * 1000,
    limit: policy.limit,
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    store: {
      increment: async (key) => store.increment(key),
      decrement: async (key) => store.decrement(key),
      resetKey: async (key) => store.resetKey(key),
    },
    keyGenerator: (req) => identityKey?.(req) ?? addressKey(contextOf(req).clientAddress),
    handler: (req, _res, next) => {
      onLimited(name)
      const { used, resetTime = new Date() } = (req as Request & { rateLimit: RateLimitInfo }).rateLimit
      // express-rate-limit says when the window ends; in a sliding one there may be no room yet.
      const retryAfter = secondsUntilRoom({ totalHits: used, resetTime }, policy, Date.now())
      next(new GatewayError('RATE_LIMITED', { headers: { 'Retry-After': String(retryAfter) } }))
    },
    // Addresses come from the gateway's own trusted-proxy rules, not from Express's.
    validate: false,
  })
}
