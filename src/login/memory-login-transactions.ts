import { createMemoryCache } from '../platform/cache/memory-cache.ts'
import type { Clock } from '../platform/clock.ts'
import { LOGIN_LIFETIME_SECONDS, type LoginTransaction, type LoginTransactions } from './login-transaction.ts'

/** Pending logins in this process, for development and tests. */
export function createMemoryLoginTransactions(clock: Clock): LoginTransactions {
  // JSON, as a real store would have it: nobody changes a login by holding on to the object.
  const pending = createMemoryCache<string>({
    name: 'logins',
    ttl: LOGIN_LIFETIME_SECONDS,
    maxSize: 10_000,
    clock,
  })
  return {
    save: async (transaction) => pending.set(transaction.state, JSON.stringify(transaction)),
    async find(state) {
      const text = pending.get(state)
      return text === undefined ? undefined : (JSON.parse(text) as LoginTransaction)
    },
    async take(state) {
      const there = pending.get(state) !== undefined
      pending.delete(state)
      return there
    },
  }
}
