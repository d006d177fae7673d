import { signIn } from '../authorization/sign-in.ts'
import { oauthError } from '../http/keycloak-error.ts'
import { recordUserEvent } from '../model/record-user-event.ts'
import { newSid } from '../model/sessions.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'
import { grantScope, scopeProblem } from '../tokens/scopes.ts'
import type { GrantRequest } from './grant-request.ts'

/**
 * The password grant, only for clients with direct access grants on: the one by which Cloakroom checks passwords, and the
 * administration tools of realm `master`.
 */
export async function grantPassword({ realm, client, form, clock, address }: GrantRequest) {
  if (!client.directGrants) {
    throw oauthError(400, 'unauthorized_client', 'Client not allowed for direct access grants')
  }
  if (!form.username) throw oauthError(401, 'invalid_request', 'Missing parameter: username')
  const problem = scopeProblem(realm, client, form.scope)
  if (problem) throw oauthError(400, 'invalid_scope', problem)
  const details = { auth_method: 'openid-connect', grant_type: 'password', client_auth_method: 'client-secret' }
  const seen = { clientId: client.clientId, ipAddress: address, details: { ...details, username: form.username } }
  const result = await signIn(realm, form.username, form.password ?? '', address)
  if ('problem' in result) {
    const { error, userId } = result
    recordUserEvent(realm, clock, 'LOGIN_ERROR', { ...seen, error, ...(userId === undefined ? {} : { userId }) })
    const isDisabled = result.problem.startsWith('Account is disabled')
    throw oauthError(400, 'invalid_grant', isDisabled ? 'Account disabled' : 'Invalid user credentials')
  }
  const { user } = result
  if (user.requiredActions.length > 0) throw oauthError(400, 'invalid_grant', 'Account is not fully set up')
  const session = realm.sessions.open({ sid: newSid(), userId: user.id, ipAddress: address })
  recordUserEvent(realm, clock, 'LOGIN', { ...seen, userId: user.id, sessionId: session.sid })
  const now = clock.seconds()
  const started = { clientId: client.clientId, scope: form.scope, acr: '1', authTime: now, started: now }
  const clientSession = { ...started, uses: new Map() }
  session.clients.set(client.clientId, clientSession)
  const grant = grantScope(realm, client, user, form.scope)
  return issueTokens({ realm, client, user, grant, kind: 'ro', session, clientSession }, clock)
}
