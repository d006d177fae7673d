import { RedisStore } from 'connect-redis'
import type { SessionData, Store } from 'express-session'
import type { Clock } from '../../platform/clock.ts'
import { unavailable } from '../../platform/errors/gateway-error.ts'
import { readText } from '../../platform/redis/read-text.ts'
import { type Redis, withDeadline } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import type { Sealer } from '../../platform/sealing/sealer.ts'
import { publicSessionId } from './public-session-id.ts'
import type { SessionRecord, SessionTokens, StoredSession } from './session.ts'
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
// Who lost the lease to somebody else writes nothing; one that is merely free again says that nobody has begun since.
const COMPARE_AND_SET = `local holder = redis.call('GET', KEYS[2])
if holder and ARGV[3] ~= '' and holder ~= ARGV[3] then return 0 end
local now = redis.call('GET', KEYS[1])
if not now or string.sub(now, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') return 1`

/** Sessions in Redis: sealed, small, their tokens beside them under a key of their own. */
export function createRedisSessionStore({ redis, sealer, clock, idleTimeout }: RedisSessionStoreParts): SessionStore {
  const sessionIndex = createSessionIndex({ redis, now: clock.now, read })
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

  async function holds(id: string, { version, accessToken }: SessionTokens): Promise<boolean> {
    const there = openTokens(id, await ask(readText(redis, redisKeys.tokens(id))))
    return there?.version === version && there.accessToken === accessToken
  }

  async function read(id: string): Promise<StoredSession | undefined> {
    const key = sessionPrefix + id
    const [rawSession, rawTokens, restMs] = await ask(
      Promise.all([readText(redis, key), readText(redis, redisKeys.tokens(id)), redis.pTTL(key)]),
    )
    const record = openSession(id, rawSession)?.record
    const tokens = openTokens(id, rawTokens)
    const now = clock.now()
    if (record === undefined || tokens === undefined || restMs <= 0 || now >= record.absoluteExpiresAt) return undefined
    return { id, record, tokens, idleExpiresAt: now + restMs }
  }

  async function destroy(id: string): Promise<void> {
    const beside = [redisKeys.tokens(id), redisKeys.lastSeen(id), redisKeys.publicSession(publicSessionId(id))]
    await ask(Promise.all([sessionPrefix + id, ...beside].map((key) => redis.del(key))))
  }

  return {
    // connect-redis declares its optional members a little differently from @types/express-session.
    express: new SealedStore({ client: redis, prefix: sessionPrefix, disableTouch: true }) as unknown as Store,
    read,
    async addTokens(id, tokens) {
      await ask(
        redis.set(redisKeys.tokens(id), sealTokens(id, tokens), { expiration: { type: 'PX', value: PENDING_MS } }),
      )
    },
    async replaceTokens(id, tokens, record, fence = '') {
      const swapped = await ask(
        redis.eval(COMPARE_AND_SET, {
          keys: [redisKeys.tokens(id), redisKeys.refreshLease(id)],
          arguments: [`${tokens.version - 1}:`, sealTokens(id, tokens), fence],
        }),
      )
      if (swapped !== 1 && !(await holds(id, tokens))) return false
      const data = openSession(id, await ask(readText(redis, sessionPrefix + id)))
      if (data === undefined) return false
      const sealed = sealer.seal({ ...data, record }, `session ${id}`)
      return (await ask(redis.set(sessionPrefix + id, sealed, { expiration: 'KEEPTTL', condition: 'XX' }))) !== null
    },
    async touch(id, record) {
      const milliseconds = life(record)
      const [lives] = await ask(
        Promise.all([
          redis.pExpire(sessionPrefix + id, milliseconds),
          redis.pExpire(redisKeys.tokens(id), milliseconds),
        ]),
      )
      const expiration = { type: 'PX', value: milliseconds } as const
      if (lives) await ask(redis.set(redisKeys.lastSeen(id), String(clock.now()), { expiration }))
    },
    destroy,
    index: (id, record) => ask(sessionIndex.add(id, record)),
    find: (owner, issuedUntil) => ask(sessionIndex.find(owner, issuedUntil)),
    list: (owner, page) => ask(sessionIndex.list(owner, page)),
    findPublic: (publicId) => ask(sessionIndex.findPublic(publicId)),
  }
}
