import { randomUUID } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { unavailable } from '../../platform/errors/gateway-error.ts'
import type { Log } from '../../platform/observability/log.ts'
import type { MessageBus } from '../../platform/redis/message-bus.ts'
import { type Redis, withDeadline } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import { type DenialMessage, readDenialMessage } from './denial-message.ts'
import { createDeniedTokens } from './denied-tokens.ts'
import type { TokenDenylist } from './token-denylist.ts'

export interface RedisTokenDenylistParts {
  redis: Redis
  bus: Pick<MessageBus, 'publish' | 'subscribe' | 'isListening' | 'onReconnect' | 'silentFor'>
  clock: Clock
  log: Log
  /** Entries held in this process; with more than that, Redis is asked about tokens that are not among them. */
  maxSize: number
  /** Seconds for which the list as last known is good enough while Redis does not answer; 0: not at all. */
  grace: number
}

const RELOAD_MS = 250
const RELOAD_FULL_MS = 60_000
const ASK_AGAIN_MS = 1_000

/**
 * The denylist of all instances: a sorted set in Redis (scored by the end of each entry), of which every instance holds a
 * copy that messages keep complete. While the copy is complete no question leaves the process; else Redis is asked.
 */
export function createRedisTokenDenylist(parts: RedisTokenDenylistParts): TokenDenylist {
  const { redis, bus, clock, log } = parts
  const denied = createDeniedTokens(parts)
  const instance = randomUUID()
  let probes = 0
  let heardProbe = 0
  let connections = 0
  /** Whether the copy holds everything that was denied until the bus last heard. */
  let complete = false
  /** `performance.now()` of the last moment for which that was certain. */
  let certainAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  let nextLoadAt = 0
  /** A Redis that hangs is not waited for by every call. */
  let askAgainAt = Number.NEGATIVE_INFINITY

  bus.subscribe(redisKeys.deniedTokensChannel, (text) => {
    const message = readDenialMessage(text)
    if (message === undefined) return
    if ('key' in message) hold(message.key, message.until)
    else if (message.instance === instance) heardProbe = Math.max(heardProbe, message.probe)
  })
  bus.onReconnect(() => {
    noteCertainty()
    connections++
    complete = false
    nextLoadAt = 0
    load()
  })

  function noteCertainty(): void {
    if (complete) certainAt = performance.now() - bus.silentFor()
  }

  function hold(key: string, until: number): void {
    if (denied.add(key, until)) return
    noteCertainty()
    complete = false
    nextLoadAt = performance.now() + RELOAD_FULL_MS
    log.warn('more tokens are denied than this process holds; Redis is asked about every other token')
  }

  const tell = (message: DenialMessage) => bus.publish(redisKeys.deniedTokensChannel, JSON.stringify(message))

  /** Makes the copy complete: first it is certain that messages arrive, then the set is read, so that none falls between. */
  async function copySet(): Promise<void> {
    const probe = ++probes
    const connection = connections
    await tell({ instance, probe })
    if (heardProbe < probe) return
    const own = denied.entries()
    // A Redis that lost its last writes (a failover, a restart) learns from those who remember.
    if (own.length > 0) await write(own)
    const limit = { offset: 0, count: parts.maxSize + 1 }
    const found = await withDeadline(
      redis.zRangeWithScores(redisKeys.deniedTokens, clock.now(), '+inf', { BY: 'SCORE', LIMIT: limit }),
    )
    if (connections !== connection) return
    complete = true
    for (const { value, score } of found) hold(value, score)
  }

  function load(): void {
    if (loading !== undefined || performance.now() < nextLoadAt) return
    nextLoadAt = performance.now() + RELOAD_MS
    loading = copySet()
      .catch((error: unknown) => log.debug('the denylist is not read yet', { error }))
      .finally(() => {
        loading = undefined
      })
  }

  const write = (entries: { key: string; until: number }[]) =>
    withDeadline(
      redis.zAdd(
        redisKeys.deniedTokens,
        entries.map(({ key, until }) => ({ value: key, score: until })),
        { comparison: 'GT' },
      ),
    )

  async function ask(key: string): Promise<boolean> {
    load()
    const goesOn = () => {
      noteCertainty()
      return performance.now() - certainAt < parts.grace * 1000
    }
    if (performance.now() < askAgainAt && goesOn()) return denied.has(key)
    try {
      const until = await withDeadline(redis.zScore(redisKeys.deniedTokens, key))
      return until !== null && clock.now() < until
    } catch (error) {
      askAgainAt = performance.now() + ASK_AGAIN_MS
      if (goesOn()) return denied.has(key)
      throw unavailable('REVOCATIONS_UNAVAILABLE', 'the denylist cannot be read', error, 1)
    }
  }

  return {
    async deny(key, until) {
      try {
        await write([{ key, until }])
        hold(key, until)
        await tell({ key, until })
      } catch (error) {
        throw unavailable('REVOCATIONS_UNAVAILABLE', 'the denylist cannot be written', error)
      }
      redis.zRemRangeByScore(redisKeys.deniedTokens, '-inf', clock.now()).catch(() => undefined)
    },
    isDenied(key) {
      if (denied.has(key)) return true
      return complete && bus.isListening() ? false : ask(key)
    },
  }
}
