import { createHash } from 'node:crypto'

/** What a public id looks like; sessions that only the provider knows begin with `sso-`. */
export const PUBLIC_SESSION_ID = /^(sso-)?[A-Za-z0-9_-]{43}$/

/**
 * The name under which a session is shown and ended: a SHA-256 of the 192 random bits of its id, which nobody guesses, so
 * that neither the cookie nor the key in Redis can be had from it.
 */
export function publicSessionId(id: string): string {
  return hash(`cloakroom session ${id}`)
}

/** The same for a session that lives at the provider alone. */
export function publicSsoSessionId(sid: string): string {
  return `sso-${hash(`cloakroom provider session ${sid}`)}`
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
