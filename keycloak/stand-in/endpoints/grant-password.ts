import { oauthError } from '../http/keycloak-error.ts'
import { passwordMatches } from '../model/passwords.ts'
import { newSid } from '../model/sessions.ts'
import { findByLogin } from '../model/users.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'
import { grantScope, scopeProblem } from '../tokens/scopes.ts'
import type { GrantRequest } from './grant-request.ts'

/**
 * The password grant, only for clients with direct access grants on. Cloakroom never uses it (RFC 9700 forbids it);
 * administration tools sign in to realm `master` with it.
 */
export async function grantPassword({ realm, client, form, clock, address }: GrantRequest) {
  if (!client.directGrants) {
    throw oauthError(400, 'unauthorized_client', 'Client not allowed for direct access grants')
  }
  if (!form.username) throw oauthError(401, 'invalid_request', 'Missing parameter: username')
  const problem = scopeProblem(realm, client, form.scope)
  if (problem) throw oauthError(400, 'invalid_scope', problem)
  const user = findByLogin(realm, form.username)
  const isRight = await passwordMatches(form.password ?? '', user?.password)
  if (!user || !isRight) throw oauthError(400, 'invalid_grant', 'Invalid user credentials')
  if (!user.enabled) throw oauthError(400, 'invalid_grant', 'Account disabled')
  const session = realm.sessions.open({ sid: newSid(), userId: user.id, ipAddress: address })
  const now = clock.seconds()
  const started = { clientId: client.clientId, scope: form.scope, acr: '1', authTime: now, started: now }
  const clientSession = { ...started, uses: new Map() }
  session.clients.set(client.clientId, clientSession)
  const grant = grantScope(realm, client, user, form.scope)
  return issueTokens({ realm, client, user, grant, kind: 'ro', session, clientSession }, clock)
}
