import { createHash } from 'node:crypto'
import type { Redis } from '../../platform/redis/redis-client.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import type { SessionRecord } from './session.ts'
import type { SessionOwner } from './session-store.ts'

export interface SessionIndex {
  add(id: string, record: SessionRecord): Promise<void>
  find(owner: SessionOwner, issuedUntil: number): Promise<string[]>
}

/**
 * Which sessions belong to a provider session or a person: sorted sets by the time of issue, under hashed names, so that
 * Redis does not tell who is signed in. Ids of sessions that are over stay until their absolute end and harm nobody.
 */
export function createSessionIndex(redis: Redis, now: () => number): SessionIndex {
  const keyOf = (kind: 'sid' | 'sub', issuer: string, text: string) =>
    redisKeys.sessionIndex(kind, createHash('sha256').update(`${issuer} ${text}`).digest('base64url'))

  return {
    async add(id, { issuer, providerSessionId, caller, issuedAt, absoluteExpiresAt }) {
      const keys = [
        keyOf('sub', issuer, caller.id),
        ...(providerSessionId === null ? [] : [keyOf('sid', issuer, providerSessionId)]),
      ]
      const life = Math.max(1, absoluteExpiresAt - now())
      // The latest login lives longest, so the set lives as long as it does.
      await Promise.all(
        keys.flatMap((key) => [redis.zAdd(key, { score: issuedAt, value: id }), redis.pExpire(key, life)]),
      )
    },
    async find({ issuer, providerSessionId, subject }, issuedUntil) {
      const key =
        providerSessionId === undefined ? keyOf('sub', issuer, subject ?? '') : keyOf('sid', issuer, providerSessionId)
      return redis.zRangeByScore(key, '-inf', issuedUntil)
    },
  }
}
