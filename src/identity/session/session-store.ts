import type { Store } from 'express-session'
import type { SeenSession, SessionRecord, SessionTokens, StoredSession } from './session.ts'

/** Whose sessions are meant; the provider session where it is given, else the tenant, else all of the person. */
export interface SessionOwner {
  readonly issuer: string
  readonly providerSessionId?: string | undefined
  readonly tenant?: string | undefined
  readonly subject?: string | undefined
}

/**
 * Where sessions live; the port that every implementation signs a contract for. Each call answers or fails within the
 * store's deadline with SESSION_STORE_UNAVAILABLE: silence is unknown, not anonymous.
 */
export interface SessionStore {
  /** For express-session: creates, renews ids, destroys. A destroyed session is never written back by a late request. */
  readonly express: Store
  /** The session with its tokens, or undefined when it does not exist, is over or cannot be opened. */
  read(id: string): Promise<StoredSession | undefined>
  /** Puts the first tokens beside a session that is about to be saved. */
  addTokens(id: string, tokens: SessionTokens): Promise<void>
  /**
   * Writes refreshed tokens and claims, if the session still exists with the version before; answers whether they are there
   * (also when a write before, whose answer was lost, brought them).
   * @param fence names the lease this was done under; refused while somebody else holds it
   */
  replaceTokens(id: string, tokens: SessionTokens, record: SessionRecord, fence?: string): Promise<boolean>
  /** Slides the idle time. */
  touch(id: string, record: SessionRecord): Promise<void>
  destroy(id: string): Promise<void>
  /** Makes a new session findable. */
  index(id: string, record: SessionRecord): Promise<void>
  /** Ids of sessions of this provider session or person, of logins that the provider issued until then (milliseconds). */
  find(who: SessionOwner, issuedUntil: number): Promise<string[]>
  /** Live sessions, the latest sign-in first, and how many there are; forgets ids of those that are over. */
  list(who: SessionOwner, page: { first: number; max: number }): Promise<{ sessions: SeenSession[]; total: number }>
  /** The session id behind a public one, of a session that may have ended meanwhile. */
  findPublic(publicId: string): Promise<string | undefined>
}

/** How long a session may still sleep: the idle time, but never past its absolute end. Milliseconds. */
export function idleLife(record: SessionRecord, idleTimeout: number, now: number): number {
  return Math.max(0, Math.min(idleTimeout * 1000, record.absoluteExpiresAt - now))
}

/** Whether a session is one of these. */
export function belongsTo(
  { issuer, providerSessionId, tenant, subject }: SessionOwner,
  record: SessionRecord,
): boolean {
  if (record.issuer !== issuer) return false
  if (providerSessionId !== undefined) return record.providerSessionId === providerSessionId
  return tenant === undefined ? record.caller.id === subject : record.tenant === tenant
}
