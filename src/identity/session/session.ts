import type { CallerClaims } from '../caller-claims.ts'

/** What a session keeps of its person: small, without tokens. */
export interface SessionRecord {
  readonly caller: CallerClaims
  readonly issuer: string
  /** The provider's session id (`sid`); opaque. */
  readonly providerSessionId: string | null
  readonly tenant: string | null
  /** When the provider issued the ID token of the login, by its own clock. Milliseconds since the epoch, as are the others. */
  readonly issuedAt: number
  readonly createdAt: number
  readonly absoluteExpiresAt: number
  /** Of the sign-in; sessions from before these were kept have neither. */
  readonly device?: string
  readonly address?: string
}

/** The tokens of a session; sealed beside it, never in it. */
export interface SessionTokens {
  /** Counts the refreshes; a write is accepted only by the holder of the number before. */
  readonly version: number
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly idToken: string | null
  /** Milliseconds since the epoch; null where the provider does not say. */
  readonly accessExpiresAt: number | null
  /** Milliseconds from issue to expiry. */
  readonly accessLifetime: number | null
  /** Renewed at the next use, however long they live: what they say of the person is outdated. */
  readonly mustRenew?: boolean
}

export interface StoredSession {
  readonly id: string
  readonly record: SessionRecord
  readonly tokens: SessionTokens
  /** Milliseconds since the epoch. */
  readonly idleExpiresAt: number
}

/** A session as a list of sessions has it. */
export interface SeenSession {
  readonly id: string
  readonly record: SessionRecord
  readonly idleExpiresAt: number
  /** When it was last used, up to a minute late; milliseconds since the epoch. */
  readonly lastSeenAt: number
}

/** An access token is renewed when less than the smaller of 30 s and a fifth of its life is left (design section 3). */
export function needsRefresh(tokens: SessionTokens, now: number): boolean {
  if (tokens.mustRenew === true) return true
  if (tokens.accessExpiresAt === null) return false
  const margin = Math.min(30_000, (tokens.accessLifetime ?? 0) / 5)
  return tokens.accessExpiresAt - now < margin
}

export function isExpired(tokens: SessionTokens, now: number): boolean {
  return tokens.accessExpiresAt !== null && tokens.accessExpiresAt <= now
}

declare module 'express-session' {
  interface SessionData {
    record: SessionRecord
  }
}
