import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { effectiveRoles, rolesInScope } from '../model/effective-roles.ts'
import type { ClientSession, SsoSession } from '../model/sessions.ts'
import type { Client, Realm, User } from '../model/types.ts'
import { signJwt } from './jwt.ts'
import { mapClaims } from './map-claims.ts'
import type { Claims, Subject } from './mappers.ts'
import type { GrantedScope } from './scopes.ts'

/** What a grant found out and tokens are made of. */
export type TokenRequest = {
  realm: Realm
  client: Client
  user: User
  grant: GrantedScope
  /** `ac` code, `rt` refresh, `cc` client credentials, `ro` password: part of the access token's `jti`. */
  kind: 'ac' | 'rt' | 'cc' | 'ro'
  /** The person's session; a client acting on its own has none. */
  session?: SsoSession
  clientSession?: ClientSession
  offline?: boolean
  nonce?: string
  /** Links the refresh tokens of one login for the detection of reuse. */
  reuseId?: string
  notes?: Record<string, string>
}

type Issue = TokenRequest & { now: number; expires: number; subject: Subject }

const one = (list: string[]) => (list.length > 1 ? list : list[0])
const isLight = (client: Client) => client.attributes['client.use.lightweight.access.token.enabled'] === 'true'

/** The subject whose claims mappers read, for this request. */
export function subjectOf(
  request: Pick<TokenRequest, 'realm' | 'client' | 'user' | 'grant' | 'clientSession' | 'notes'>,
) {
  const { realm, client, user, grant, clientSession } = request
  const scopeRoles = grant.scopes.flatMap((scope) => [...scope.roles])
  const roles = rolesInScope(realm, client, scopeRoles, effectiveRoles(realm, user))
  const notes = { ...request.notes, ...(clientSession ? { AUTH_TIME: clientSession.authTime } : {}) }
  return { realm, client, user, roles, notes, acr: clientSession?.acr ?? '1' }
}

async function accessToken(issue: Issue): Promise<{ token: string; audience: string[] }> {
  const { realm, client, session, grant } = issue
  const origin = issue.offline ? 'of' : session ? 'on' : 'tr'
  const base = { exp: issue.expires, iat: issue.now }
  const jti = `${origin}${isLight(client) ? 'lt' : 'rt'}${issue.kind}:${randomUUID()}`
  const algorithm = client.attributes['access.token.signed.response.alg'] ?? realm.settings.defaultSignatureAlgorithm
  const type = client.attributes['access.token.header.type.rfc9068'] === 'true' ? 'at+jwt' : 'JWT'
  const own = { typ: 'Bearer', azp: client.clientId, ...(session ? { sid: session.sid } : {}) }
  const { claims, audience } = mapClaims('access', issue.subject, grant)
  const { auth_time, sub, acr, realm_access, resource_access, ...others } = claims
  const payload: Claims = isLight(client)
    ? { ...base, jti, iss: realm.issuer, ...own, scope: grant.text }
    : {
        ...base,
        auth_time,
        jti,
        iss: realm.issuer,
        aud: one(audience),
        sub,
        ...own,
        acr,
        realm_access,
        resource_access,
        scope: grant.text,
        ...others,
      }
  return { token: await signJwt(realm, payload, algorithm ?? 'RS256', type), audience }
}

function idToken(issue: Issue, access: string): Promise<string> {
  const { realm, client, session } = issue
  const { claims, audience } = mapClaims('id', issue.subject, issue.grant)
  const { auth_time, acr, ...others } = claims
  const payload = {
    exp: issue.expires,
    iat: issue.now,
    auth_time,
    jti: randomUUID(),
    iss: realm.issuer,
    aud: one([client.clientId, ...audience]),
    sub: issue.user.id,
    typ: 'ID',
    azp: client.clientId,
    nonce: issue.nonce,
    sid: session?.sid,
    at_hash: createHash('sha256').update(access).digest().subarray(0, 16).toString('base64url'),
    acr,
    ...others,
  }
  const algorithm = client.attributes['id.token.signed.response.alg'] ?? realm.settings.defaultSignatureAlgorithm
  return signJwt(realm, payload, algorithm ?? 'RS256')
}

function refreshToken(issue: Issue, expires: number | undefined, audience: string[]): Promise<string> {
  const { realm, client, session } = issue
  const payload = {
    exp: expires,
    iat: issue.now,
    jti: randomUUID(),
    iss: realm.issuer,
    aud: realm.issuer,
    sub: issue.user.id,
    typ: issue.offline ? 'Offline' : 'Refresh',
    azp: client.clientId,
    sid: session?.sid,
    scope: issue.grant.full,
    aud_x: audience,
    prov: 'default',
    reuse_id: realm.settings.revokeRefreshToken ? (issue.reuseId ?? randomUUID()) : undefined,
  }
  return signJwt(realm, payload, 'HS512')
}

/** Seconds an access token lives: the client's own setting, else the realm's. */
export const accessLifespan = (realm: Realm, client: Client) =>
  Number(client.attributes['access.token.lifespan'] ?? realm.settings.accessTokenLifespan ?? 300)

/** Makes the tokens and answers with the token endpoint's JSON. No token outlives the session it belongs to. */
export async function issueTokens(request: TokenRequest, clock: Clock): Promise<Claims> {
  const { realm, client, session, grant, offline } = request
  const now = clock.seconds()
  const end = session && !offline ? realm.sessions.endsForGoodAt(session) : Number.POSITIVE_INFINITY
  const issue: Issue = {
    ...request,
    now,
    expires: Math.min(now + accessLifespan(realm, client), end),
    subject: subjectOf(request),
  }
  const { token, audience } = await accessToken(issue)
  const refreshEnds = session && !offline ? refreshExpiry(request, now) : undefined
  return {
    access_token: token,
    expires_in: issue.expires - now,
    refresh_expires_in: refreshEnds === undefined ? 0 : refreshEnds - now,
    ...(session ? { refresh_token: await refreshToken(issue, refreshEnds, audience) } : {}),
    token_type: 'Bearer',
    ...(grant.openid ? { id_token: await idToken(issue, token) } : {}),
    'not-before-policy': Math.max(realm.notBefore, client.notBefore),
    ...(session ? { session_state: session.sid } : {}),
    scope: grant.text,
  }
}

/** A refresh token ends with the session's idle limit, or the client's own shorter one. */
function refreshExpiry({ realm, client, session }: TokenRequest, now: number): number {
  const idle = Number(client.attributes['client.session.idle.timeout'] ?? 0) || Number.POSITIVE_INFINITY
  return session ? Math.min(realm.sessions.endsAt(session), now + idle) : now
}
