import { oauthError } from '../http/keycloak-error.ts'
import type { ClientSession, SsoSession } from '../model/sessions.ts'
import type { Client, Realm } from '../model/types.ts'
import { isStale, textClaim } from '../tokens/inspect-token.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'
import { readJwt } from '../tokens/jwt.ts'
import type { Claims } from '../tokens/mappers.ts'
import { grantScope, scopeProblem } from '../tokens/scopes.ts'
import type { GrantRequest } from './grant-request.ts'

const invalid = (text: string) => oauthError(400, 'invalid_grant', text)

/**
 * Reads a refresh token for the client that presents it.
 * @throws 400 `invalid_grant` when it is not one, is too old, or belongs to another client
 */
export async function readRefreshToken(realm: Realm, client: Client, token: string, now: number): Promise<Claims> {
  const claims = await readJwt(realm, token)
  if (!claims || !['Refresh', 'Offline'].includes(String(claims.typ))) throw invalid('Invalid refresh token')
  if (claims.iss !== realm.issuer) throw invalid(`Invalid token issuer. Expected '${realm.issuer}'`)
  if (typeof claims.exp === 'number' && claims.exp < now) throw invalid('Token is not active')
  if (claims.azp !== client.clientId) {
    throw invalid("Invalid refresh token. Token client and authorized client don't match")
  }
  return claims
}

/**
 * Counts the use of a token while the realm has rotation on. A token replaced by a newer one may be used
 * `refreshTokenMaxReuse` times more; beyond that somebody copied it, and the client's part of the session ends.
 */
function countUse(realm: Realm, session: SsoSession, client: ClientSession, claims: Claims, now: number) {
  if (!realm.settings.revokeRefreshToken) return
  const reuseId = textClaim(claims, 'reuse_id') ?? ''
  const tokenId = textClaim(claims, 'jti') ?? ''
  const known = client.uses.get(reuseId)
  const use = known?.tokenId === tokenId ? known : { tokenId, count: 0, lastRefresh: now }
  const isOlder = known !== undefined && known !== use && Number(claims.iat) < known.lastRefresh
  if (isOlder || use.count > (realm.settings.refreshTokenMaxReuse ?? 0)) {
    session.clients.delete(client.clientId)
    throw invalid(isOlder ? 'Stale token' : 'Maximum allowed refresh token reuse exceeded')
  }
  client.uses.set(reuseId, { ...use, count: use.count + 1, lastRefresh: now })
}

/** The refresh grant (RFC 6749 section 6) with Keycloak's rotation. */
export async function grantRefresh({ realm, client, form, clock }: GrantRequest) {
  if (!form.refresh_token) throw oauthError(400, 'invalid_request', 'No refresh token')
  const now = clock.seconds()
  const claims = await readRefreshToken(realm, client, form.refresh_token, now)
  const problem = scopeProblem(realm, client, form.scope)
  if (problem) throw oauthError(400, 'invalid_scope', problem)
  const offline = claims.typ === 'Offline'
  const sid = textClaim(claims, 'sid')
  const session = offline ? realm.sessions.findOffline(sid) : realm.sessions.find(sid)
  if (!session) throw invalid(offline ? 'Offline user session not found' : 'Session not active')
  const clientSession = session.clients.get(client.clientId)
  if (!clientSession) throw invalid("Session doesn't have required client")
  const user = realm.users.get(session.userId)
  if (!user) throw invalid('Session not active')
  if (!user.enabled) throw invalid('User disabled')
  if (isStale(realm, client, user, claims)) throw invalid('Stale token')
  countUse(realm, session, clientSession, claims, now)
  session.lastAccess = now
  const grant = grantScope(realm, client, user, textClaim(claims, 'scope'))
  const reuseId = textClaim(claims, 'reuse_id')
  const login = { realm, client, user, grant, kind: 'rt' as const, session, clientSession, offline }
  return issueTokens(reuseId === undefined ? login : { ...login, reuseId }, clock)
}
