import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import { unavailable } from '../platform/errors/gateway-error.ts'
import type { MessageBus } from '../platform/redis/message-bus.ts'
import { type Redis, withDeadline } from '../platform/redis/redis-client.ts'
import { redisKeys } from '../platform/redis/redis-keys.ts'
import { createCutOffList } from './cut-off-list.ts'
import type { CutOffs } from './cut-offs.ts'

export interface RedisCutOffsParts {
  redis: Redis
  bus: Pick<MessageBus, 'publish' | 'subscribe' | 'onReconnect'>
  clock: Clock
  issuer: string
  /** How long a cut-off matters: longer than any session or token lives. */
  keepMs: number
}

const KINDS = ['end', 'renew'] as const
const message = z.object({ kind: z.enum(KINDS), key: z.string(), at: z.number() })

/**
 * Cut-offs in Redis: a sorted set for each kind, scored by the moment, of which every instance holds a copy. The bus brings
 * news at once; reading the sets again brings what the bus has lost.
 */
export function createRedisCutOffs({ redis, bus, clock, issuer, keepMs }: RedisCutOffsParts): CutOffs {
  const list = createCutOffList({ issuer, clock, keepMs })
  const ask = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(command)
    } catch (error) {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'the cut-offs cannot be read or written', error)
    }
  }

  async function reload(): Promise<void> {
    const since = clock.now() - keepMs
    for (const kind of KINDS) {
      const found = await ask(redis.zRangeWithScores(redisKeys.cutOffs(kind), since, '+inf', { BY: 'SCORE' }))
      for (const { value: key, score: at } of found) list.add({ kind, key, at })
    }
  }

  bus.subscribe(redisKeys.cutOffsChannel, (text) => {
    const heard = message.safeParse(readJson(text))
    if (heard.success) list.add(heard.data)
  })
  // What is still missing then comes with the next reading.
  bus.onReconnect(() => void reload().catch(() => undefined))

  return {
    async raise({ kind, subject, at }) {
      const [name, key] = [redisKeys.cutOffs(kind), list.keyOf(subject)]
      const moved = await ask(redis.zAdd(name, { score: at, value: key }, { comparison: 'GT', CH: true }))
      list.add({ kind, key, at })
      if (moved === 0) return false
      await ask(redis.zRemRangeByScore(name, '-inf', clock.now() - keepMs))
      // Whoever does not hear it reads it within the interval.
      await bus.publish(redisKeys.cutOffsChannel, JSON.stringify({ kind, key, at })).catch(() => 0)
      return true
    },
    endedUntil: (subject) => list.until('end', subject),
    endsSession: list.endsSession,
    renewUntil: (subject) => list.until('renew', subject),
    reload,
    onRaised: list.onNews,
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
