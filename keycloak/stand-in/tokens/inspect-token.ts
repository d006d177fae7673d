import type { Clock } from '../clock.ts'
import type { ClientSession, SsoSession } from '../model/sessions.ts'
import type { Client, Realm, User } from '../model/types.ts'
import { readJwt } from './jwt.ts'
import type { Claims } from './mappers.ts'

/** A token that counts, with whatever it belongs to. Service accounts have no session. */
export type GoodToken = {
  claims: Claims
  client: Client
  user: User
  session?: SsoSession
  clientSession?: ClientSession
}

/** A token, judged: good, or Keycloak's words for what is wrong. */
export type Inspection = { good: GoodToken } | { problem: string }

/** Text of a claim, or nothing when it is absent or of another type. */
export const textClaim = (claims: Claims, name: string) => {
  const value = claims[name]
  return typeof value === 'string' ? value : undefined
}

const numberClaim = (claims: Claims, name: string) => {
  const value = claims[name]
  return typeof value === 'number' ? value : undefined
}

/** Whether a token came before a point in time from which on everything older is refused. */
export function isStale(realm: Realm, client: Client, user: User, claims: Claims): boolean {
  return (numberClaim(claims, 'iat') ?? 0) < Math.max(realm.notBefore, client.notBefore, user.notBefore)
}

function sessionOf(realm: Realm, claims: Claims, client: Client) {
  const sid = textClaim(claims, 'sid')
  for (const session of [realm.sessions.find(sid), realm.sessions.findOffline(sid)]) {
    const clientSession = session?.clients.get(client.clientId)
    if (session && clientSession) return { session, clientSession }
  }
  return undefined
}

function withSession(realm: Realm, claims: Claims, client: Client): Inspection {
  const found = sessionOf(realm, claims, client)
  if (claims.sid !== undefined && !found) return { problem: 'user_session_not_found' }
  const user = realm.users.get(found?.session.userId ?? textClaim(claims, 'sub') ?? '')
  if (!user) return { problem: 'user_session_not_found' }
  if (!user.enabled) return { problem: 'User disabled' }
  if (isStale(realm, client, user, claims)) return { problem: 'Stale token' }
  return { good: { claims, client, user, ...found } }
}

/**
 * Judges a token of this realm by everything that can end it: signature, issuer, age, revocation, its session, its
 * person and its client.
 * @param types accepted values of Keycloak's `typ` claim, such as `Bearer`
 */
export async function inspectToken(realm: Realm, token: string, clock: Clock, types: string[]): Promise<Inspection> {
  const claims = await readJwt(realm, token)
  const broken = { problem: 'Token verification failed' }
  if (!claims || claims.iss !== realm.issuer || !types.includes(String(claims.typ))) return broken
  // As in Keycloak, a token still counts in the second it ends.
  if ((numberClaim(claims, 'exp') ?? Number.POSITIVE_INFINITY) < clock.seconds()) return broken
  if (realm.revokedTokens.has(String(claims.jti))) return broken
  const client = realm.clients.get(textClaim(claims, 'azp') ?? '')
  if (!client) return broken
  return client.enabled ? withSession(realm, claims, client) : { problem: 'Client disabled' }
}
