import { type SessionData, Store } from 'express-session'
import type { Clock } from '../../platform/clock.ts'
import type { SessionRecord, SessionTokens } from './session.ts'
import { idleLife, type SessionStore } from './session-store.ts'

interface Kept {
  /** JSON, as a real store would have it: nobody changes a session by holding on to the object. */
  data: string | undefined
  tokens: string | undefined
  record: SessionRecord | undefined
  idleExpiresAt: number
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
        kept.set(id, { data: JSON.stringify(data), tokens: entry?.tokens, record, idleExpiresAt: clock.now() + idle })
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
      kept.set(id, { data: undefined, record: undefined, tokens: text, idleExpiresAt: clock.now() + PENDING_MS })
    },
    async replaceTokens(id, tokens, record) {
      const entry = find(id)
      if (entry?.data === undefined || entry.tokens === undefined) return false
      if ((JSON.parse(entry.tokens) as SessionTokens).version !== tokens.version - 1) return false
      const data = JSON.stringify({ ...JSON.parse(entry.data), record })
      kept.set(id, { ...entry, data, tokens: JSON.stringify(tokens), record })
      return true
    },
    async touch(id, record) {
      const entry = find(id)
      if (entry !== undefined) entry.idleExpiresAt = clock.now() + idleLife(record, idleTimeout, clock.now())
    },
    async destroy(id) {
      kept.delete(id)
    },
    // Everything is at hand here, so nothing has to be indexed.
    index: async () => undefined,
    async find({ issuer, providerSessionId, subject }, issuedUntil) {
      const fits = (record: SessionRecord) =>
        record.issuer === issuer &&
        (providerSessionId === undefined
          ? record.caller.id === subject
          : record.providerSessionId === providerSessionId)
      return [...kept]
        .filter(([, { record }]) => record !== undefined && fits(record) && record.issuedAt <= issuedUntil)
        .map(([id]) => id)
    },
  }
}
