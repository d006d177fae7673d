import { silentLog } from '../../src/platform/observability/log.ts'
import { createRedisClient, type SingleRedis } from '../../src/platform/redis/redis-client.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

/** A real Redis whose time a test can move. */
export interface RedisWorld {
  readonly server: RedisServer
  readonly redis: SingleRedis
  /** Lets every key grow older, and expire, by so many milliseconds. */
  age(milliseconds: number): Promise<void>
  /** Every key with its value, as whoever reads a dump sees them. */
  dump(): Promise<string>
  empty(): Promise<void>
  stop(): Promise<void>
}

export async function startRedisWorld(): Promise<RedisWorld> {
  const server = await startRedis()
  const redis = createRedisClient(server.url, silentLog)
  await redis.connect()
  return {
    server,
    redis,
    async age(milliseconds) {
      for (const key of await redis.keys('*')) {
        const left = await redis.pTTL(key)
        if (left < 0) continue
        if (left <= milliseconds) await redis.del(key)
        else await redis.pExpire(key, left - milliseconds)
      }
    },
    async dump() {
      const keys = await redis.keys('*')
      const values = await Promise.all(keys.map((key) => redis.get(key)))
      return keys.map((key, i) => `${key} ${values[i]}`).join('\n')
    },
    empty: async () => void (await redis.flushAll()),
    async stop() {
      redis.destroy()
      await server.stop()
    },
  }
}
