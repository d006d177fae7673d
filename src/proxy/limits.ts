import type { TakeLimits } from './proxied-route.ts'

interface Limit {
  policy: string
  state: string
}

interface Limiter {
  take(key: string): Limit | Promise<Limit>
}

/**
 * Asks the general limit and the route's own, by identity where one is known, else by address; answers header fields, at
 * once where all of them answer at once.
 */
export function createTakeLimits(limiters: readonly Limiter[], addressKey: (address: string) => string): TakeLimits {
  return function takeLimits(identity, context) {
    if (limiters.length === 0) return []
    const key = identity === undefined ? addressKey(context.clientAddress) : `${identity.issuer} ${identity.id}`
    const taken = limiters.map((limiter) => limiter.take(key))
    return taken.every((item): item is Limit => !(item instanceof Promise))
      ? fields(taken)
      : Promise.all(taken).then(fields)
  }
}

function fields(limits: readonly Limit[]): string[] {
  const policies = limits.map(({ policy }) => policy).join(', ')
  return ['RateLimit-Policy', policies, 'RateLimit', limits.map(({ state }) => state).join(', ')]
}
