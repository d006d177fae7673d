import { createMemoryCache } from '../platform/cache/memory-cache.ts'
import type { Clock } from '../platform/clock.ts'
import { LOGIN_LIFETIME_SECONDS, type LoginTransaction, type LoginTransactions } from './login-transaction.ts'

/** Pending logins in this process, for development and tests. */
export function createMemoryLoginTransactions(clock: Clock): LoginTransactions {
  const pending = createMemoryCache<LoginTransaction>({
    name: 'logins',
    ttl: LOGIN_LIFETIME_SECONDS,
    maxSize: 10_000,
    clock,
  })
  return {
    save: async (transaction) => pending.set(transaction.state, transaction),
    find: async (state) => pending.get(state),
    async take(state) {
      const there = pending.get(state) !== undefined
      pending.delete(state)
      return there
    },
  }
}
