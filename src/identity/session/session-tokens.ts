import { decodeJwt } from 'jose'
import type { TokenSet } from '../../platform/oidc/relying-party.ts'
import { type CallerClaims, readCallerClaims } from '../caller-claims.ts'
import type { SessionRecord, SessionTokens } from './session.ts'

/** A token answer as a session keeps it; what a refresh leaves out stays as it was (RFC 6749 section 6). */
export function toSessionTokens(answer: TokenSet, now: number, before?: SessionTokens): SessionTokens {
  const lifetime = answer.expiresIn === undefined ? ownLifetime(answer.accessToken, now) : answer.expiresIn * 1000
  return {
    version: (before?.version ?? 0) + 1,
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken ?? before?.refreshToken ?? null,
    idToken: answer.idToken ?? before?.idToken ?? null,
    accessExpiresAt: lifetime === null ? null : now + lifetime,
    accessLifetime: lifetime,
  }
}

/**
 * The person behind a token answer. Names come from the verified ID token; roles, groups and scopes from the access
 * token where it is a JWT for the same subject, because that is where Keycloak puts them.
 */
export function callerOf(answer: TokenSet, idClaims: Record<string, unknown>): CallerClaims {
  const access = accessClaims(answer.accessToken, idClaims.sub)
  return readCallerClaims({ ...access, ...idClaims, ...rights(access) }, answer.scope)
}

/** The record after a refresh: newest claims, same person, same end; what no token says any more stays as it was. */
export function refreshedRecord(record: SessionRecord, answer: TokenSet): SessionRecord {
  const { caller } = record
  const known = {
    sub: caller.id,
    preferred_username: caller.username,
    email: caller.email,
    name: caller.name,
    acr: caller.acr,
    auth_time: caller.authTime,
  }
  const access = accessClaims(answer.accessToken, caller.id)
  const fresh = callerOf(answer, { ...known, ...access, ...answer.claims })
  // Userinfo without any word on rights takes none away.
  const speaksOfRights =
    access !== undefined || answer.idToken !== undefined || Object.keys(rights(answer.claims)).length > 0
  const { roles, groups } = speaksOfRights ? fresh : caller
  const scopes = fresh.scopes.length > 0 ? fresh.scopes : caller.scopes
  return { ...record, caller: { ...fresh, roles, groups, scopes } }
}

/** Where the answer does not say how long the token lives, the token itself may (RFC 6749 section 5.1 leaves it open). */
function ownLifetime(accessToken: string, now: number): number | null {
  try {
    const { exp } = decodeJwt(accessToken)
    return typeof exp === 'number' && Number.isFinite(exp) ? Math.max(0, exp * 1000 - now) : null
  } catch {
    return null
  }
}

function accessClaims(token: string, subject: unknown): Record<string, unknown> | undefined {
  try {
    const claims = decodeJwt(token)
    return claims.sub === subject ? claims : undefined
  } catch {
    return undefined
  }
}

function rights(access: Record<string, unknown> | undefined): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name of ['realm_access', 'resource_access', 'groups', 'scope']) {
    if (access !== undefined && Object.hasOwn(access, name)) found[name] = access[name]
  }
  return found
}
