import {
  createRedisTokenDenylist,
  type RedisTokenDenylistParts,
} from '../../src/identity/bearer/redis-token-denylist.ts'
import type { TokenDenylist } from '../../src/identity/bearer/token-denylist.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createMessageBus } from '../../src/platform/redis/message-bus.ts'
import type { Redis } from '../../src/platform/redis/redis-client.ts'
import { connectRedisClient, until } from '../platform/redis/connect-redis-client.ts'

/** One instance of the gateway, as far as the denylist in Redis goes. */
export interface DenylistInstance {
  readonly list: TokenDenylist
  readonly redis: Redis
  /** Whether the bus may say that it listens. */
  hears: boolean
  /** Milliseconds that it says to have been silent; undefined for the truth. */
  silentFor: number | undefined
  /** Resolves once questions are answered without asking Redis. */
  settled(): Promise<void>
  close(): Promise<void>
}

export async function startDenylistInstance(
  url: string,
  parts: Pick<RedisTokenDenylistParts, 'clock'> & Partial<RedisTokenDenylistParts>,
): Promise<DenylistInstance> {
  const redis = await connectRedisClient(url)
  const real = createMessageBus(redis, silentLog)
  const bus = {
    ...real,
    isListening: () => instance.hears && real.isListening(),
    silentFor: () => instance.silentFor ?? real.silentFor(),
  }
  const list = createRedisTokenDenylist({ redis, bus, log: silentLog, maxSize: 1_000, grace: 0, ...parts })
  const instance: DenylistInstance = {
    list,
    redis,
    hears: true,
    silentFor: undefined,
    settled: () => until(async () => isSettled(list)),
    async close() {
      await real.close()
      redis.destroy()
    },
  }
  return instance
}

async function isSettled(list: TokenDenylist): Promise<boolean> {
  const answer = list.isDenied('nobody')
  if (!(answer instanceof Promise)) return true
  await answer.catch(() => undefined)
  return false
}
