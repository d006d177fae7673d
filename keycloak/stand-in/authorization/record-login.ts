import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Parameters } from '../http/parameters.ts'
import { recordUserEvent } from '../model/record-user-event.ts'
import { newSid, type SsoSession } from '../model/sessions.ts'
import type { Realm } from '../model/types.ts'
import type { LoginDetails } from './login-tabs.ts'

/** A login that oidc-provider has let through. */
export type AcceptedLogin = {
  details: LoginDetails
  /** The request as it counts, whether it came plainly, pushed or signed. */
  parameters: Parameters
  userId: string
  address: string
  /** Whether the person has just shown a password; otherwise the session vouched for them. */
  isFresh: boolean
  session: SsoSession | undefined
}

function sessionFor(realm: Realm, { session, details: { browser }, userId, address }: AcceptedLogin): SsoSession {
  const present = session ?? (browser.used ? realm.sessions.find(browser.sid) : undefined)
  if (present) return present
  if (browser.used) browser.sid = newSid()
  browser.used = true
  return realm.sessions.open({ sid: browser.sid, userId, ipAddress: address })
}

/** Notes in the session which client was signed in to. A second login of one browser goes on with the first one's note. */
function noteClient(session: SsoSession, login: AcceptedLogin, now: number) {
  const clientId = login.parameters.client_id ?? ''
  const known = session.clients.get(clientId)
  const acr = login.isFresh ? '1' : '0'
  const { scope } = login.parameters
  const note = { clientId, scope, acr, authTime: session.authTime, started: known?.started ?? now }
  session.clients.set(clientId, { ...note, uses: known?.uses ?? new Map() })
  return acr
}

/**
 * Writes a login down: the person's session, the client in it, and a code to be exchanged.
 * @returns the code, and the session it belongs to
 */
export function recordLogin(realm: Realm, clock: Clock, login: AcceptedLogin): { code: string; session: SsoSession } {
  const now = clock.seconds()
  const { parameters } = login
  const session = sessionFor(realm, login)
  session.lastAccess = now
  if (login.isFresh) session.authTime = now
  const opensSession = session.clients.size === 0
  const acr = noteClient(session, login, now)
  const client = realm.clients.get(parameters.client_id ?? '')
  const code = [randomUUID(), session.sid, client?.id ?? newSid()].join('.')
  realm.codes.set(code, {
    clientId: parameters.client_id ?? '',
    redirectUri: parameters.redirect_uri ?? '',
    scope: parameters.scope,
    nonce: parameters.nonce,
    codeChallenge: parameters.code_challenge,
    sid: session.sid,
    acr,
    authTime: session.authTime,
    opensSession,
    expires: now + (realm.settings.accessCodeLifespan ?? 60),
    used: false,
  })
  const pushed = login.details.pushed === undefined ? undefined : realm.pushed.get(login.details.pushed)
  if (pushed) pushed.used = true
  const { redirect_uri = '', response_mode = 'query' } = parameters
  recordUserEvent(realm, clock, 'LOGIN', {
    ...{
      clientId: parameters.client_id ?? '',
      userId: session.userId,
      sessionId: session.sid,
      ipAddress: login.address,
    },
    details: {
      ...{ auth_method: 'openid-connect', auth_type: 'code', response_type: 'code', response_mode, redirect_uri },
      ...{ consent: 'no_consent_required', code_id: session.sid },
      username: realm.users.get(session.userId)?.username ?? '',
    },
  })
  return { code, session }
}
