import { randomUUID } from 'node:crypto'
import { unavailable } from '../../platform/errors/gateway-error.ts'
import { type Redis, withDeadline } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import type { Lease } from './refresh-lease.ts'

export interface RedisRefreshLeaseParts {
  redis: Redis
  pause: (milliseconds: number) => Promise<void>
  now: () => number
}

/** Milliseconds after which the lease of an instance that died is free again. */
const LIFE_MS = 4_000
const RENEW_MS = 1_000
const PATIENCE_MS = 14_000
const ASK_AGAIN_MS = 40

// Only the holder renews and releases; one that a failover forgot takes the lease again before somebody else does.
const RENEW = `local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1`
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * One refresh at a time per session, over all instances. The lease is renewed while the call runs, so a slow provider does
 * not let a second one in; who waited reads again before spending anything. Its random value is the fencing token: the store
 * compares it in the same step in which it writes, so a holder that was stopped and comes back late changes nothing.
 * @throws GatewayError REFRESH_FAILED after 14 s of waiting, SESSION_STORE_UNAVAILABLE when Redis is away
 */
export function createRedisRefreshLease({ redis, pause, now }: RedisRefreshLeaseParts): Lease {
  const script = (text: string, key: string, ...args: string[]) =>
    withDeadline(redis.eval(text, { keys: [key], arguments: args }))

  const release = (key: string, fence: string) => script(RELEASE, key, fence).catch(() => undefined)
  const ask = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(command)
    } catch (error) {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'the refresh lease cannot be had', error)
    }
  }

  async function acquire(key: string, fence: string): Promise<boolean> {
    const expiration = { type: 'PX', value: LIFE_MS } as const
    try {
      return (await ask(redis.set(key, fence, { condition: 'NX', expiration }))) !== null
    } catch (error) {
      // It may have been set all the same.
      void release(key, fence)
      throw error
    }
  }

  return {
    async run(sessionId, task) {
      const key = redisKeys.refreshLease(sessionId)
      const fence = randomUUID()
      const end = now() + PATIENCE_MS
      while (!(await acquire(key, fence))) {
        if (now() > end) throw unavailable('REFRESH_FAILED', 'another instance did not finish refreshing')
        await pause(ASK_AGAIN_MS + Math.random() * ASK_AGAIN_MS)
      }
      const renewal = setInterval(
        () => void script(RENEW, key, fence, String(LIFE_MS)).catch(() => undefined),
        RENEW_MS,
      )
      try {
        return await task({ fence, isMine: async () => (await ask(redis.get(key))) === fence })
      } finally {
        clearInterval(renewal)
        await release(key, fence)
      }
    },
  }
}
