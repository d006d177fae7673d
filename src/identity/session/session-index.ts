import { createHash } from 'node:crypto'
import { readText } from '../../platform/redis/read-text.ts'
import type { Redis } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import { publicSessionId } from './public-session-id.ts'
import type { SeenSession, SessionRecord, StoredSession } from './session.ts'
import type { SessionOwner, SessionStore } from './session-store.ts'

export interface SessionIndex {
  add(id: string, record: SessionRecord): Promise<void>
  find(owner: SessionOwner, issuedUntil: number): Promise<string[]>
  list: SessionStore['list']
  findPublic(publicId: string): Promise<string | undefined>
}

export interface SessionIndexParts {
  redis: Redis
  now: () => number
  read: (id: string) => Promise<StoredSession | undefined>
}

/** Ids looked at when a session is added: as many dead ones leave as came, and one in ten of a set is dead at most. */
const SAMPLE = 10
const LARGE_SAMPLE = 1_000
const NO_SUCH_KEY = -2

/**
 * Which sessions belong to a provider session, a person or a tenant: sorted sets by the time of issue, under hashed names,
 * so that Redis does not tell who is signed in. Ids of sessions that are over leave when somebody signs in or lists.
 */
export function createSessionIndex({ redis, now, read }: SessionIndexParts): SessionIndex {
  const keyOf = (kind: 'sid' | 'sub' | 'tenant', issuer: string, text: string) =>
    redisKeys.sessionIndex(kind, createHash('sha256').update(`${issuer} ${text}`).digest('base64url'))

  function keyOfOwner({ issuer, providerSessionId, tenant, subject }: SessionOwner): string {
    if (providerSessionId !== undefined) return keyOf('sid', issuer, providerSessionId)
    return tenant === undefined ? keyOf('sub', issuer, subject ?? '') : keyOf('tenant', issuer, tenant)
  }

  /** What cannot be opened here may be opened by an instance with newer keys; only what is gone is forgotten. */
  async function prune(key: string, atMost: number): Promise<void> {
    const spare = (await redis.zCard(key)) - atMost
    const from = spare > 0 ? Math.floor(Math.random() * (spare + 1)) : 0
    const ids = await redis.zRange(key, from, from + atMost - 1)
    const lives = await Promise.all(ids.map((id) => redis.pTTL(redisKeys.sessionPrefix + id)))
    const gone = ids.filter((_, i) => lives[i] === NO_SUCH_KEY)
    if (gone.length > 0) await redis.zRem(key, gone)
  }

  async function see(id: string): Promise<SeenSession | undefined> {
    const [session, seen] = await Promise.all([read(id), readText(redis, redisKeys.lastSeen(id))])
    if (session === undefined) return undefined
    const { record, idleExpiresAt } = session
    return { id, record, idleExpiresAt, lastSeenAt: Math.max(record.createdAt, Number(seen ?? 0) || 0) }
  }

  return {
    async add(id, { issuer, providerSessionId, tenant, caller, issuedAt, absoluteExpiresAt }) {
      const keys = [
        keyOf('sub', issuer, caller.id),
        ...(providerSessionId === null ? [] : [keyOf('sid', issuer, providerSessionId)]),
        ...(tenant === null ? [] : [keyOf('tenant', issuer, tenant)]),
      ]
      const life = Math.max(1, absoluteExpiresAt - now())
      await Promise.all([
        redis.set(redisKeys.publicSession(publicSessionId(id)), id, { expiration: { type: 'PX', value: life } }),
        // A set lives as long as the longest of its sessions.
        ...keys.flatMap((key) => [
          redis.zAdd(key, { score: issuedAt, value: id }),
          redis.pExpire(key, life, 'NX'),
          redis.pExpire(key, life, 'GT'),
        ]),
      ])
      await Promise.all(keys.map((key) => prune(key, SAMPLE)))
    },
    find: (owner, issuedUntil) => redis.zRangeByScore(keyOfOwner(owner), '-inf', issuedUntil),
    async list(owner, { first, max }) {
      const key = keyOfOwner(owner)
      await prune(key, LARGE_SAMPLE)
      const [ids, total] = await Promise.all([
        redis.zRange(key, first, first + max - 1, { REV: true }),
        redis.zCard(key),
      ])
      const sessions = (await Promise.all(ids.map(see))).filter((session) => session !== undefined)
      return { sessions, total }
    },
    findPublic: async (publicId) => (await readText(redis, redisKeys.publicSession(publicId))) ?? undefined,
  }
}
