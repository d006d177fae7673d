import { unavailable } from '../platform/errors/gateway-error.ts'
import { readText } from '../platform/redis/read-text.ts'
import { type Redis, withDeadline } from '../platform/redis/redis-client.ts'
import { redisKeys } from '../platform/redis/redis-keys.ts'
import { type ProgressStore, progress } from './progress.ts'

/** The progress of the cluster, in Redis. */
export function createRedisProgress(redis: Redis): ProgressStore {
  const ask = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(command)
    } catch (error) {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'the progress of the revocation watch cannot be kept', error)
    }
  }
  return {
    async read() {
      const text = await ask(readText(redis, redisKeys.revocationProgress))
      try {
        return progress.safeParse(JSON.parse(text ?? '')).data
      } catch {
        return undefined
      }
    },
    write: async (now) => void (await ask(redis.set(redisKeys.revocationProgress, JSON.stringify(now)))),
  }
}
