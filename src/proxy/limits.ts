import type { TakeLimits } from './proxied-route.ts'

interface Limit {
  policy: string
  state: string
}

interface Limiter {
  take(key: string): Limit | Promise<Limit>
}

/**
 * Asks the general limit and then the route's own, by identity where one is known, else by address; answers header fields,
 * at once where all of them answer at once. What one limit refuses is not counted by the next.
 */
export function createTakeLimits(limiters: readonly Limiter[], addressKey: (address: string) => string): TakeLimits {
  return function takeLimits(identity, context) {
    const key = identity === undefined ? addressKey(context.clientAddress) : `${identity.issuer} ${identity.id}`
    const taken: Limit[] = []
    for (let i = 0; i < limiters.length; i++) {
      const limit = limiters[i]?.take(key)
      if (limit instanceof Promise) return takeLater(taken, limit, limiters.slice(i + 1), key)
      if (limit !== undefined) taken.push(limit)
    }
    return fields(taken)
  }
}

async function takeLater(
  taken: Limit[],
  pending: Promise<Limit>,
  rest: readonly Limiter[],
  key: string,
): Promise<string[]> {
  taken.push(await pending)
  for (const limiter of rest) taken.push(await limiter.take(key))
  return fields(taken)
}

function fields(limits: readonly Limit[]): string[] {
  if (limits.length === 0) return []
  const policies = limits.map(({ policy }) => policy).join(', ')
  return ['RateLimit-Policy', policies, 'RateLimit', limits.map(({ state }) => state).join(', ')]
}
