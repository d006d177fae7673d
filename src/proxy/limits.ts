import type { TakeLimits } from './proxied-route.ts'

interface Limiter {
  take(key: string): { policy: string; state: string } | Promise<{ policy: string; state: string }>
}

/** Asks the general limit and the route's own, by identity where one is known, else by address; answers header fields. */
export function createTakeLimits(limiters: readonly Limiter[], addressKey: (address: string) => string): TakeLimits {
  const [first, ...rest] = limiters
  if (first === undefined) return () => []
  return function takeLimits(identity, context) {
    const key = identity === undefined ? addressKey(context.clientAddress) : `${identity.issuer} ${identity.id}`
    if (rest.length === 0) {
      const taken = first.take(key)
      return taken instanceof Promise
        ? taken.then(({ policy, state }) => fields([policy], [state]))
        : fields([taken.policy], [taken.state])
    }
    return Promise.all(limiters.map((limiter) => limiter.take(key))).then((all) =>
      fields(
        all.map(({ policy }) => policy),
        all.map(({ state }) => state),
      ),
    )
  }
}

function fields(policies: string[], states: string[]): string[] {
  return ['RateLimit-Policy', policies.join(', '), 'RateLimit', states.join(', ')]
}
