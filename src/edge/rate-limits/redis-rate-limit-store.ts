import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { Redis } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import type { RateLimitStore, SharedCount, SharedCounter } from './rate-limit-store.ts'
import { estimate } from './sliding-window.ts'

export interface RedisRateLimitStoreParts {
  redis: Pick<Redis, 'evalSha' | 'eval' | 'del'>
  /** Names the limit; each counts by itself. */
  policy: string
  /** Seconds. */
  window: number
  /** Whoever reads Redis learns neither names nor addresses, not even by trying all of them. Every instance has the same. */
  secret: Buffer
  clock: Clock
  /** Milliseconds since the epoch, the same on every instance; default the clock of Redis. */
  time?: () => number
}

// One key and one round trip, so it runs on a cluster and counts each hit once whoever sends it. Redis's own clock tells
// the window: the clocks of the instances differ. A key that somebody else wrote is begun anew. The arithmetic is that of
// sliding-window.ts, the clock that is set back at a failover included.
const COUNT = `
local length, hits, late, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local function number(text)
  local value = tonumber(text)
  if value and value >= 0 and value < 9e15 then return math.floor(value) end
end
local seen = redis.pcall('HMGET', KEYS[1], 'window', 'current', 'previous')
if seen.err then
  redis.call('DEL', KEYS[1])
  seen = {}
end
local window = math.floor(now / length)
local known, current, previous = number(seen[1]), number(seen[2]) or 0, number(seen[3]) or 0
if hits < 0 then
  if not known then return {0, 0, length} end
  current = math.max(0, current + hits)
  redis.call('HSET', KEYS[1], 'current', current)
  return {current, previous, length}
end
if known == window + 1 then
  window = known
  now = known * length
elseif known == window - 1 then
  current, previous = 0, current
elseif known ~= window then
  current, previous = 0, 0
end
current = current + hits
previous = previous + late
local left = (window + 1) * length - now
redis.call('HSET', KEYS[1], 'window', window, 'current', current, 'previous', previous)
redis.call('PEXPIRE', KEYS[1], left + length)
return {current, previous, left}`

/** Counts hits in Redis for all instances together: one small hash per policy and subject, which expires by itself. */
export function createRedisRateLimitStore(parts: RedisRateLimitStoreParts): RateLimitStore & SharedCounter {
  const { redis, policy, window, secret, clock, time } = parts
  const length = window * 1000
  const sha = createHash('sha1').update(COUNT).digest('hex')
  // The length belongs to the name: a window that is configured anew does not inherit the hits of another length.
  const nameOf = (key: string) =>
    redisKeys.rateLimit(
      createHmac('sha256', secret)
        .update(JSON.stringify([policy, window, key]))
        .digest('base64url')
        .slice(0, 22),
    )

  async function count(key: string, hits: number, late = 0): Promise<SharedCount> {
    const moment = time === undefined ? '' : String(time())
    const call = { keys: [nameOf(key)], arguments: [String(length), String(hits), String(late), moment] }
    try {
      return readCount(await redis.evalSha(sha, call))
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return readCount(await redis.eval(COUNT, call))
    }
  }

  const forget = async (key: string): Promise<void> => void (await redis.del(nameOf(key)))

  return {
    count,
    forget,
    async increment(key) {
      const { current, previous, left } = await count(key, 1)
      return { totalHits: estimate(current, previous, left, length), resetTime: new Date(clock.now() + left) }
    },
    decrement: async (key) => void (await count(key, -1)),
    resetKey: forget,
  }
}

function readCount(reply: unknown): SharedCount {
  const [current, previous, left] = Array.isArray(reply) ? reply : []
  if (!isCount(current) || !isCount(previous) || !isCount(left)) throw new Error('Redis answered no counters')
  return { current, previous, left }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
