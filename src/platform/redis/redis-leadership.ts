import { randomUUID } from 'node:crypto'
import type { Leadership } from './leadership.ts'
import { type Redis, withDeadline } from './redis-client.ts'

export interface RedisLeadershipParts {
  redis: Redis
  key: string
  /** Milliseconds after which the leadership of an instance that died or was stopped is free again. */
  lifeMs: number
}

const HOLD = `local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1`
const RESIGN = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * One leader over all instances, elected by whoever comes first. Whoever was paused for longer than its life may believe for
 * a moment that it still leads: what a leader does must do no harm when it is done twice.
 */
export function createRedisLeadership({ redis, key, lifeMs }: RedisLeadershipParts): Leadership {
  const me = randomUUID()
  const run = (script: string) => withDeadline(redis.eval(script, { keys: [key], arguments: [me, String(lifeMs)] }))
  return {
    hold: async () => (await run(HOLD)) === 1,
    resign: async () => void (await run(RESIGN)),
  }
}
