import { createHash } from 'node:crypto'
import { unavailable } from '../platform/errors/gateway-error.ts'
import { readText } from '../platform/redis/read-text.ts'
import { type Redis, withDeadline } from '../platform/redis/redis-client.ts'
import { redisKeys } from '../platform/redis/redis-keys.ts'
import type { Sealer } from '../platform/sealing/sealer.ts'
import { LOGIN_LIFETIME_SECONDS, type LoginTransaction, type LoginTransactions } from './login-transaction.ts'

/** Pending logins in Redis, sealed, so that any instance can finish what another began. */
export function createRedisLoginTransactions(redis: Redis, sealer: Sealer): LoginTransactions {
  const keyOf = (state: string) => redisKeys.login(createHash('sha256').update(state).digest('base64url'))
  const ask = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(command)
    } catch (error) {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'the login store failed', error)
    }
  }
  return {
    async save(transaction) {
      const key = keyOf(transaction.state)
      await ask(
        redis.set(key, sealer.seal(transaction, key), { expiration: { type: 'EX', value: LOGIN_LIFETIME_SECONDS } }),
      )
    },
    async find(state) {
      const key = keyOf(state)
      const sealed = await ask(readText(redis, key))
      return sealed === null ? undefined : (sealer.open(sealed, key) as LoginTransaction | undefined)
    },
    take: async (state) => (await ask(redis.del(keyOf(state)))) === 1,
  }
}
