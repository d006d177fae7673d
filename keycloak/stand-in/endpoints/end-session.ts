import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import type { LiveRealm } from '../authorization/live-realm.ts'
import { isAllowedUri, postLogoutPatterns } from '../authorization/redirect-uris.ts'
import type { Clock } from '../clock.ts'
import { expiredCookie, identityCookie } from '../http/cookies.ts'
import { oauthError } from '../http/keycloak-error.ts'
import { formOf, type Parameters, queryOf, readParameters } from '../http/parameters.ts'
import { recordUserEvent } from '../model/record-user-event.ts'
import type { SsoSession } from '../model/sessions.ts'
import type { Realm } from '../model/types.ts'
import { sendErrorPage } from '../pages/error-page.ts'
import { confirmLogoutPage, loggedOutPage } from '../pages/logout-pages.ts'
import { textClaim } from '../tokens/inspect-token.ts'
import { readJwt } from '../tokens/jwt.ts'
import type { Claims } from '../tokens/mappers.ts'
import { authenticateClient } from './authenticate-client.ts'
import { endSession } from './backchannel-logout.ts'
import { readRefreshToken } from './grant-refresh.ts'

/** Where to go when signed out; without a way back there is only a page. */
type WayBack = { uri?: string; state?: string }

type Pending = { way: WayBack; sessionCode: string }

function leave(live: LiveRealm, res: Response, { uri, state }: WayBack) {
  res.append('Set-Cookie', expiredCookie(live.realm.name, identityCookie))
  if (uri === undefined) {
    res.type('html').send(loggedOutPage(live.realm))
    return
  }
  const target = new URL(uri)
  if (state !== undefined) target.searchParams.set('state', state)
  res.location(target.href).status(302).end()
}

/** The claims of an ID token of this realm, however old; nothing when it is not one or not this client's. */
async function readHint(realm: Realm, hint: string, clientId: string | undefined): Promise<Claims | undefined> {
  const claims = await readJwt(realm, hint)
  const isOurs = claims?.typ === 'ID' && claims.iss === realm.issuer
  return isOurs && (clientId === undefined || claims.azp === clientId) ? claims : undefined
}

/** What is wrong with the way back, in Keycloak's words. */
function wayBackProblem(realm: Realm, uri: string | undefined, clientId: string | undefined): string | undefined {
  if (uri === undefined) return undefined
  if (clientId === undefined) return 'Missing parameters: id_token_hint'
  const client = realm.clients.get(clientId)
  return client && isAllowedUri(postLogoutPatterns(client), uri) ? undefined : 'Invalid redirect uri'
}

/**
 * `GET` or `POST …/logout` (OpenID Connect RP-Initiated Logout 1.0) and Keycloak's own `POST` with a refresh token;
 * `confirm` takes the form that asks the person when no token vouches for the request.
 */
export function createEndSession(clock: Clock) {
  const pending = new Map<string, Pending>()

  function ask(live: LiveRealm, res: Response, clientId: string | undefined, way: WayBack) {
    const tab = randomBytes(8).toString('base64url')
    const sessionCode = randomBytes(32).toString('base64url')
    pending.set(tab, { way, sessionCode })
    const query = new URLSearchParams({ client_id: clientId ?? 'account', tab_id: tab })
    const action = `/realms/${live.realm.name}/protocol/openid-connect/logout/logout-confirm?${query}`
    res
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(confirmLogoutPage(live.realm, action, sessionCode))
  }

  async function endAndRecord(realm: Realm, session: SsoSession, by: { clientId?: string; ipAddress?: string } = {}) {
    await endSession(realm, session, clock)
    const { userId, sid: sessionId } = session
    recordUserEvent(realm, clock, 'LOGOUT', { ...by, userId, sessionId })
  }

  async function finish(live: LiveRealm, res: Response, session: SsoSession | undefined, way: WayBack) {
    if (session) await endAndRecord(live.realm, session)
    leave(live, res, way)
  }

  async function withRefreshToken(live: LiveRealm, req: Request, res: Response, form: Parameters) {
    const { realm } = live
    const client = await authenticateClient(realm, req, form)
    const claims = await readRefreshToken(realm, client, form.refresh_token ?? '', clock.seconds())
    const sid = textClaim(claims, 'sid')
    const session = claims.typ === 'Offline' ? undefined : realm.sessions.find(sid)
    if (claims.typ === 'Offline') realm.sessions.endOffline(sid ?? '')
    const by = { clientId: client.clientId, ipAddress: req.socket.remoteAddress ?? '127.0.0.1' }
    if (session) await endAndRecord(realm, session, by)
    res.status(204).end()
  }

  async function logout(live: LiveRealm, req: Request, res: Response): Promise<void> {
    const { realm } = live
    const { parameters, repeated } = readParameters(req.method === 'POST' ? formOf(req) : queryOf(req))
    if (repeated.length > 0) throw oauthError(400, 'invalid_request', 'duplicated parameter')
    if (req.method === 'POST' && parameters.refresh_token !== undefined) {
      return withRefreshToken(live, req, res, parameters)
    }
    const { id_token_hint: hint, client_id: id, post_logout_redirect_uri: uri, state } = parameters
    const claims = hint === undefined ? undefined : await readHint(realm, hint, id)
    if (hint !== undefined && !claims) return sendErrorPage(res, realm, 'Invalid parameter: id_token_hint')
    const clientId = id ?? (claims && textClaim(claims, 'azp'))
    const problem = wayBackProblem(realm, uri, clientId)
    if (problem) return sendErrorPage(res, realm, problem)
    const way = { ...(uri === undefined ? {} : { uri }), ...(state === undefined ? {} : { state }) }
    const present = live.sessionOf(req)
    const isOther = claims && present && present.sid !== claims.sid
    if (claims && !isOther) return finish(live, res, realm.sessions.find(textClaim(claims, 'sid')), way)
    if (!present && !claims && uri !== undefined) return leave(live, res, way)
    ask(live, res, clientId, way)
  }

  async function confirm(live: LiveRealm, req: Request, res: Response): Promise<void> {
    const tab = readParameters(queryOf(req)).parameters.tab_id ?? ''
    const asked = pending.get(tab)
    if (!asked || readParameters(formOf(req)).parameters.session_code !== asked.sessionCode) {
      return sendErrorPage(res, live.realm, 'Logout failed')
    }
    pending.delete(tab)
    await finish(live, res, live.sessionOf(req), asked.way)
  }

  return { logout, confirm }
}
