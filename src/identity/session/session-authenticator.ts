import type { IncomingMessage } from 'node:http'
import type { Cache } from '../../platform/cache/cache.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/observability/log.ts'
import type { SessionIdentity } from '../identity.ts'
import type { RefreshSession } from './refresh-session.ts'
import { needsRefresh, type StoredSession } from './session.ts'
import type { SessionCookie } from './session-cookie.ts'
import { idleLife, type SessionStore } from './session-store.ts'

/** What the hot path remembers of a session for a few seconds. */
export interface RememberedSession {
  /** The signed cookie value that was verified; the same text need not be verified again. */
  readonly cookie: string
  readonly session: StoredSession
  readonly identity: SessionIdentity
}

export interface SessionAuthenticatorParts {
  cookie: SessionCookie
  store: SessionStore
  /** Keyed by session id; entries are dropped when a session ends anywhere. */
  remembered: Cache<RememberedSession | 'over'>
  /** Whether news of ended sessions reach this instance; if not, nothing remembered is believed. */
  mayRemember: () => boolean
  refreshSession: RefreshSession
  clock: Clock
  log: Log
  /** Seconds. */
  idleTimeout: number
  onForged: (req: IncomingMessage) => void
}

export interface SessionAuthenticator {
  readonly method: 'session'
  /** The caller behind the session cookie; slides the idle time and renews tokens. */
  (req: IncomingMessage): SessionIdentity | undefined | Promise<SessionIdentity | undefined>
  /** The session as it is, without sliding or renewing it. */
  peek(req: IncomingMessage): Promise<StoredSession | undefined>
}

const ID_START = 's%3A'.length

export function createSessionAuthenticator(parts: SessionAuthenticatorParts): SessionAuthenticator {
  const { cookie, store, remembered, mayRemember, refreshSession, clock, log, idleTimeout, onForged } = parts
  const touchEvery = Math.min(60_000, idleTimeout * 100)

  /** Touches are throttled: each one is a write in Redis. */
  const mustSlide = ({ record, idleExpiresAt }: StoredSession, now: number) =>
    idleLife(record, idleTimeout, now) - (idleExpiresAt - now) >= touchEvery

  function slide(session: StoredSession, now: number): StoredSession {
    if (!mustSlide(session, now)) return session
    const { id, record } = session
    store.touch(id, record).catch((error: unknown) => log.warn('a session could not be touched', { error }))
    return { ...session, idleExpiresAt: now + idleLife(record, idleTimeout, now) }
  }

  async function load(id: string, raw: string): Promise<RememberedSession | 'over'> {
    const stored = await store.read(id)
    const usable = stored === undefined ? undefined : await refreshSession(stored)
    if (usable === undefined) return 'over'
    const session = slide(usable, clock.now())
    return { cookie: raw, session, identity: identityOfSession(session) }
  }

  async function look(raw: string, req: IncomingMessage, outdated: boolean): Promise<SessionIdentity | undefined> {
    const id = cookie.verify(raw)
    if (id === undefined) {
      onForged(req)
      return undefined
    }
    if (outdated) remembered.delete(id)
    const found = mayRemember() ? await remembered.getOrLoad(id, () => load(id, raw)) : await load(id, raw)
    return found === 'over' ? undefined : found.identity
  }

  function authenticate(req: IncomingMessage): SessionIdentity | undefined | Promise<SessionIdentity | undefined> {
    const raw = cookie.rawValue(req)
    if (raw === undefined) return undefined
    const known = mayRemember() ? remembered.get(raw.slice(ID_START, raw.indexOf('.'))) : undefined
    if (known === undefined || known === 'over' || known.cookie !== raw) return look(raw, req, false)
    const now = clock.now()
    const { session } = known
    const lives = now < session.idleExpiresAt && now < session.record.absoluteExpiresAt
    const serves = lives && !mustSlide(session, now) && !needsRefresh(session.tokens, now)
    return serves ? known.identity : look(raw, req, true)
  }

  return Object.assign(authenticate, {
    method: 'session' as const,
    async peek(req: IncomingMessage) {
      const raw = cookie.rawValue(req)
      const id = raw === undefined ? undefined : cookie.verify(raw)
      return id === undefined ? undefined : store.read(id)
    },
  })
}

function identityOfSession({ id, record, tokens }: StoredSession): SessionIdentity {
  return {
    method: 'session',
    sessionId: id,
    ...record.caller,
    issuer: record.issuer,
    tenant: record.tenant,
    accessToken: tokens.accessToken,
  }
}
