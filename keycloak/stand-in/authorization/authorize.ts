import type { Request, Response } from 'express'
import type { Clock } from '../clock.ts'
import { loginCookie, readCookie, realmCookie } from '../http/cookies.ts'
import { formOf, type Parameters, queryOf, readParameters } from '../http/parameters.ts'
import type { SsoSession } from '../model/sessions.ts'
import type { PushedRequest, Realm } from '../model/types.ts'
import { sendErrorPage } from '../pages/error-page.ts'
import { findClient, type RequestProblem, requestProblem } from './check-request.ts'
import { handToProvider } from './hand-to-provider.ts'
import type { LiveRealm } from './live-realm.ts'

const passedOn = [
  'client_id',
  'response_type',
  'redirect_uri',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'response_mode',
  'login_hint',
  'request',
]

/** Whether the person has to show a password although a session is there. */
function mustSignInAgain(
  { prompt, max_age: maxAge }: Parameters,
  session: SsoSession | undefined,
  now: number,
): boolean {
  if (prompt?.split(' ').includes('login')) return true
  const isLimited = session !== undefined && /^\d+$/.test(maxAge ?? '')
  return isLimited && now - session.authTime > Number(maxAge)
}

/** The request in the form oidc-provider takes: without what Keycloak passes over, such as an unknown `prompt`. */
function cleaned(parameters: Parameters, again: boolean): URLSearchParams {
  const given = passedOn.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]]]))
  const query = new URLSearchParams(given)
  query.set('scope', 'openid')
  if (again) query.set('prompt', 'login')
  else if (isSilent(parameters)) query.set('prompt', 'none')
  return query
}

const isSilent = ({ prompt = '' }: Parameters) => prompt.split(' ').includes('none')

/** A problem the client may hear of goes to its redirect URI, with `state` and `iss` (RFC 9207). */
function sendProblem(realm: Realm, res: Response, parameters: Parameters, problem: RequestProblem) {
  if ('page' in problem) {
    sendErrorPage(res, realm, problem.page)
    return
  }
  const target = new URL(parameters.redirect_uri ?? '')
  const { error, description } = problem
  const isImplicit = /token/.test(parameters.response_type ?? '')
  const answer = new URLSearchParams({
    error,
    ...(description === undefined ? {} : { error_description: description }),
    ...(parameters.state === undefined ? {} : { state: parameters.state }),
    iss: realm.issuer,
  })
  if (isImplicit || parameters.response_mode?.startsWith('fragment')) target.hash = answer.toString()
  else for (const [name, value] of answer) target.searchParams.append(name, value)
  res.set('Cache-Control', 'no-store').location(target.href).status(302).end()
}

/** The request behind a `request_uri` of this client, as long as it is fresh and no login came of it yet. */
function pushedRequest(realm: Realm, parameters: Parameters, clock: Clock): PushedRequest | undefined {
  const pushed = realm.pushed.get(parameters.request_uri ?? '')
  const counts = pushed && !pushed.used && pushed.expires > clock.seconds() && pushed.clientId === parameters.client_id
  return counts ? pushed : undefined
}

/** `GET` or `POST …/auth`: judged by Keycloak's rules first, then handed to oidc-provider. */
export const createAuthorize = (clock: Clock) => async (live: LiveRealm, req: Request, res: Response) => {
  const { realm } = live
  const asked = readParameters(req.method === 'POST' ? formOf(req) : queryOf(req))
  const isPushed = asked.parameters.request_uri !== undefined
  const pushed = isPushed ? pushedRequest(realm, asked.parameters, clock) : undefined
  if (isPushed && !pushed) return sendErrorPage(res, realm, 'Invalid Request')
  const parameters = pushed?.parameters ?? asked.parameters
  const found = findClient(realm, parameters)
  if ('page' in found) return sendErrorPage(res, realm, found.page)
  const { client } = found
  const onlyPushed = client.attributes['require.pushed.authorization.requests'] === 'true' && !pushed
  const problem = onlyPushed
    ? { error: 'invalid_request', description: 'Pushed Authorization Request is only allowed.' }
    : requestProblem(realm, client, parameters, asked.repeated)
  if (problem) return sendProblem(realm, res, parameters, problem)

  const again = mustSignInAgain(parameters, live.sessionOf(req), clock.seconds())
  if (again && isSilent(parameters)) return sendProblem(realm, res, parameters, { error: 'login_required' })
  const browser = live.tabs.browser(readCookie(req, loginCookie))
  res.append('Set-Cookie', realmCookie(realm.name, loginCookie, browser.id))
  live.begin(req, { parameters, browser, ...(pushed ? { pushed: asked.parameters.request_uri ?? '' } : {}) })
  await handToProvider(live, req, res, `/protocol/openid-connect/auth?${cleaned(parameters, again)}`)
}
