import { decodeJwt } from 'jose'
import type { TokenSet } from '../../platform/oidc/relying-party.ts'
import { type CallerClaims, readCallerClaims } from '../caller-claims.ts'
import type { SessionRecord, SessionTokens } from './session.ts'

/** A token answer as a session keeps it; what a refresh leaves out stays as it was (RFC 6749 section 6). */
export function toSessionTokens(answer: TokenSet, now: number, before?: SessionTokens): SessionTokens {
  const lifetime = answer.expiresIn === undefined ? null : answer.expiresIn * 1000
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

/** The record after a refresh: newest claims, same person, same end. */
export function refreshedRecord(record: SessionRecord, answer: TokenSet): SessionRecord {
  const known = {
    sub: record.caller.id,
    preferred_username: record.caller.username,
    email: record.caller.email,
    name: record.caller.name,
  }
  const claims = answer.claims ?? { ...known, acr: record.caller.acr, auth_time: record.caller.authTime }
  const fresh = callerOf(answer, claims)
  const readable = accessClaims(answer.accessToken, record.caller.id) !== undefined || answer.claims !== undefined
  const { roles, groups } = readable ? fresh : record.caller
  const scopes = fresh.scopes.length > 0 ? fresh.scopes : record.caller.scopes
  return { ...record, caller: { ...fresh, roles, groups, scopes } }
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
