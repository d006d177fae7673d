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

// Only the holder renews and releases.
const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * One refresh at a time per session, over all instances. The lease is renewed while the call runs, so a slow provider does
 * not let a second one in; who waited reads again before spending anything. What fences a holder that lost its lease is the
 * version of the tokens: it is written only by compare-and-set.
 * @throws GatewayError REFRESH_FAILED after 14 s of waiting, SESSION_STORE_UNAVAILABLE when Redis is away
 */
export function createRedisRefreshLease({ redis, pause, now }: RedisRefreshLeaseParts): Lease {
  const run1 = (script: string, key: string, ...args: string[]) =>
    withDeadline(redis.eval(script, { keys: [key], arguments: args }))

  async function acquire(key: string, holder: string): Promise<boolean> {
    try {
      return (
        (await withDeadline(
          redis.set(key, holder, { condition: 'NX', expiration: { type: 'PX', value: LIFE_MS } }),
        )) !== null
      )
    } catch (error) {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'the refresh lease cannot be had', error)
    }
  }

  return {
    async run(sessionId, task) {
      const key = redisKeys.refreshLease(sessionId)
      const holder = randomUUID()
      const end = now() + PATIENCE_MS
      while (!(await acquire(key, holder))) {
        if (now() > end) throw unavailable('REFRESH_FAILED', 'another instance did not finish refreshing')
        await pause(ASK_AGAIN_MS + Math.random() * ASK_AGAIN_MS)
      }
      const renewal = setInterval(() => void run1(RENEW, key, holder, String(LIFE_MS)).catch(() => undefined), RENEW_MS)
      try {
        return await task()
      } finally {
        clearInterval(renewal)
        await run1(RELEASE, key, holder).catch(() => undefined)
      }
    },
  }
}
