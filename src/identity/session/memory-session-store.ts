import { type SessionData, Store } from 'express-session'
import type { Clock } from '../../platform/clock.ts'
import { publicSessionId } from './public-session-id.ts'
import type { SessionRecord, SessionTokens } from './session.ts'
import { belongsTo, idleLife, type SessionOwner, type SessionStore } from './session-store.ts'

interface Kept {
  /** JSON, as a real store would have it: nobody changes a session by holding on to the object. */
  data: string | undefined
  tokens: string | undefined
  record: SessionRecord | undefined
  idleExpiresAt: number
  lastSeenAt: number
}

const SWEEP_EVERY = 1_000
const PENDING_MS = 60_000

/** Sessions in this process, for development and tests; they end with it. */
export function createMemorySessionStore({ clock, idleTimeout }: { clock: Clock; idleTimeout: number }): SessionStore {
  const kept = new Map<string, Kept>()
  let writes = 0

  function find(id: string): Kept | undefined {
    const entry = kept.get(id)
    if (entry === undefined || entry.idleExpiresAt > clock.now()) return entry
    kept.delete(id)
    return undefined
  }

  function sweep(): void {
    if (++writes % SWEEP_EVERY === 0) for (const id of [...kept.keys()]) find(id)
  }

  function sessionsOf(owner: SessionOwner) {
    const now = clock.now()
    return [...kept.keys()]
      .flatMap((id) => {
        const { record, tokens, idleExpiresAt = 0, lastSeenAt = 0 } = find(id) ?? {}
        const lives = record !== undefined && tokens !== undefined && now < record.absoluteExpiresAt
        return lives && belongsTo(owner, record) ? [{ id, record, idleExpiresAt, lastSeenAt }] : []
      })
      .sort((a, b) => b.record.issuedAt - a.record.issuedAt || (a.id < b.id ? 1 : -1))
  }

  class MemoryStore extends Store {
    readonly #loaded = new WeakSet<object>()

    override createSession(req: never, data: SessionData) {
      const created = super.createSession(req, data)
      this.#loaded.add(created)
      return created
    }

    override get(id: string, done: (error: unknown, data?: SessionData | null) => void): void {
      const data = find(id)?.data
      setImmediate(done, null, data === undefined ? null : JSON.parse(data))
    }

    override set(id: string, data: SessionData, done?: (error?: unknown) => void): void {
      const entry = find(id)
      const known = entry?.data !== undefined
      if (known || !this.#loaded.has(data)) {
        const { record } = data
        const idle = record === undefined ? idleTimeout * 1000 : idleLife(record, idleTimeout, clock.now())
        const now = clock.now()
        const lastSeenAt = entry?.lastSeenAt ?? now
        kept.set(id, {
          data: JSON.stringify(data),
          tokens: entry?.tokens,
          record,
          idleExpiresAt: now + idle,
          lastSeenAt,
        })
        sweep()
      }
      setImmediate(() => done?.())
    }

    override destroy(id: string, done?: (error?: unknown) => void): void {
      kept.delete(id)
      setImmediate(() => done?.())
    }
  }

  return {
    express: new MemoryStore(),
    async read(id) {
      const entry = find(id)
      if (entry?.data === undefined || entry.tokens === undefined) return undefined
      const { record } = JSON.parse(entry.data) as Partial<SessionData>
      if (record === undefined || clock.now() >= record.absoluteExpiresAt) return undefined
      const tokens = JSON.parse(entry.tokens) as SessionTokens
      return { id, record, tokens, idleExpiresAt: entry.idleExpiresAt }
    },
    async addTokens(id, tokens) {
      const text = JSON.stringify(tokens)
      const now = clock.now()
      kept.set(id, {
        data: undefined,
        record: undefined,
        tokens: text,
        idleExpiresAt: now + PENDING_MS,
        lastSeenAt: now,
      })
    },
    async replaceTokens(id, tokens, record) {
      const entry = find(id)
      if (entry?.data === undefined || entry.tokens === undefined) return false
      const there = JSON.parse(entry.tokens) as SessionTokens
      const isThere = there.version === tokens.version && there.accessToken === tokens.accessToken
      // In one process no lease is ever lost, so nothing has to be fenced.
      if (there.version !== tokens.version - 1 && !isThere) return false
      const data = JSON.stringify({ ...JSON.parse(entry.data), record })
      kept.set(id, { ...entry, data, tokens: JSON.stringify(tokens), record })
      return true
    },
    async touch(id, record) {
      const entry = find(id)
      if (entry === undefined) return
      const now = clock.now()
      entry.idleExpiresAt = now + idleLife(record, idleTimeout, now)
      entry.lastSeenAt = now
    },
    async destroy(id) {
      kept.delete(id)
    },
    // Everything is at hand here, so nothing has to be indexed.
    index: async () => undefined,
    find: async (owner, issuedUntil) =>
      sessionsOf(owner)
        .filter(({ record }) => record.issuedAt <= issuedUntil)
        .map(({ id }) => id),
    async list(owner, { first, max }) {
      const all = sessionsOf(owner)
      return { sessions: structuredClone(all.slice(first, first + max)), total: all.length }
    },
    findPublic: async (publicId) => [...kept.keys()].find((id) => publicSessionId(id) === publicId),
  }
}
