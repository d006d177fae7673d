import { RedisStore } from 'connect-redis'
import type { SessionData, Store } from 'express-session'
import type { Clock } from '../../platform/clock.ts'
import { unavailable } from '../../platform/errors/gateway-error.ts'
import { readText } from '../../platform/redis/read-text.ts'
import { type Redis, withDeadline } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import type { Sealer } from '../../platform/sealing/sealer.ts'
import type { SessionRecord, SessionTokens } from './session.ts'
import { createSessionIndex } from './session-index.ts'
import { idleLife, type SessionStore } from './session-store.ts'

export interface RedisSessionStoreParts {
  redis: Redis
  sealer: Sealer
  clock: Clock
  /** Seconds. */
  idleTimeout: number
}

type Callback = (error?: unknown, data?: unknown) => unknown

const PENDING_MS = 60_000
const { sessionPrefix } = redisKeys
// One key only, so that it runs on a cluster too.
const COMPARE_AND_SET = `local now = redis.call('GET', KEYS[1])
if not now or string.sub(now, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') return 1`

/** Sessions in Redis: sealed, small, their tokens beside them under a key of their own. */
export function createRedisSessionStore({ redis, sealer, clock, idleTimeout }: RedisSessionStoreParts): SessionStore {
  const sessionIndex = createSessionIndex(redis, clock.now)
  const ask = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await withDeadline(command)
    } catch (error) {
      throw unavailable('SESSION_STORE_UNAVAILABLE', 'the session store failed', error)
    }
  }
  const life = (record: SessionRecord | undefined) =>
    Math.max(1, record === undefined ? idleTimeout * 1000 : idleLife(record, idleTimeout, clock.now()))
  const openSession = (id: string, raw: string | null) =>
    raw === null ? undefined : (sealer.open(raw, `session ${id}`) as SessionData | undefined)
  const sealTokens = (id: string, tokens: SessionTokens) => `${tokens.version}:${sealer.seal(tokens, `tokens ${id}`)}`
  const openTokens = (id: string, raw: string | null) =>
    raw === null
      ? undefined
      : (sealer.open(raw.slice(raw.indexOf(':') + 1), `tokens ${id}`) as SessionTokens | undefined)

  /** connect-redis, sealed, and with `XX`: a request in flight cannot revive a session that has been ended. */
  class SealedStore extends RedisStore {
    readonly #loaded = new WeakSet<object>()

    override createSession(req: never, data: SessionData) {
      const created = super.createSession(req, data)
      this.#loaded.add(created)
      return created
    }

    override async get(id: string, done?: Callback) {
      try {
        return done?.(null, openSession(id, await ask(readText(redis, sessionPrefix + id))) ?? null)
      } catch (error) {
        return done?.(error)
      }
    }

    override async set(id: string, data: SessionData, done?: Callback) {
      const condition = this.#loaded.has(data) ? ({ condition: 'XX' } as const) : {}
      const expiration = { type: 'PX', value: life(data.record) } as const
      try {
        await ask(redis.set(sessionPrefix + id, sealer.seal(data, `session ${id}`), { expiration, ...condition }))
        if (data.record !== undefined) await ask(redis.pExpire(redisKeys.tokens(id), life(data.record)))
        return done?.(null)
      } catch (error) {
        return done?.(error)
      }
    }

    override async destroy(id: string, done?: Callback) {
      try {
        await destroy(id)
        return done?.(null)
      } catch (error) {
        return done?.(error)
      }
    }
  }

  async function destroy(id: string): Promise<void> {
    await ask(Promise.all([redis.del(sessionPrefix + id), redis.del(redisKeys.tokens(id))]))
  }

  return {
    // connect-redis declares its optional members a little differently from @types/express-session.
    express: new SealedStore({ client: redis, prefix: sessionPrefix, disableTouch: true }) as unknown as Store,
    async read(id) {
      const key = sessionPrefix + id
      const [rawSession, rawTokens, restMs] = await ask(
        Promise.all([readText(redis, key), readText(redis, redisKeys.tokens(id)), redis.pTTL(key)]),
      )
      const record = openSession(id, rawSession)?.record
      const tokens = openTokens(id, rawTokens)
      const now = clock.now()
      if (record === undefined || tokens === undefined || restMs <= 0 || now >= record.absoluteExpiresAt)
        return undefined
      return { id, record, tokens, idleExpiresAt: now + restMs }
    },
    async addTokens(id, tokens) {
      await ask(
        redis.set(redisKeys.tokens(id), sealTokens(id, tokens), { expiration: { type: 'PX', value: PENDING_MS } }),
      )
    },
    async replaceTokens(id, tokens, record) {
      const swapped = await ask(
        redis.eval(COMPARE_AND_SET, {
          keys: [redisKeys.tokens(id)],
          arguments: [`${tokens.version - 1}:`, sealTokens(id, tokens)],
        }),
      )
      if (swapped !== 1) return false
      const data = openSession(id, await ask(readText(redis, sessionPrefix + id)))
      if (data === undefined) return false
      const sealed = sealer.seal({ ...data, record }, `session ${id}`)
      return (await ask(redis.set(sessionPrefix + id, sealed, { expiration: 'KEEPTTL', condition: 'XX' }))) !== null
    },
    async touch(id, record) {
      const milliseconds = life(record)
      await ask(
        Promise.all([
          redis.pExpire(sessionPrefix + id, milliseconds),
          redis.pExpire(redisKeys.tokens(id), milliseconds),
        ]),
      )
    },
    destroy,
    index: (id, record) => ask(sessionIndex.add(id, record)),
    find: (owner, issuedUntil) => ask(sessionIndex.find(owner, issuedUntil)),
  }
}
