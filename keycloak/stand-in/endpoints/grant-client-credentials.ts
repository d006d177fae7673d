import { oauthError } from '../http/keycloak-error.ts'
import { recordUserEvent } from '../model/record-user-event.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'
import { grantScope, scopeProblem } from '../tokens/scopes.ts'
import type { GrantRequest } from './grant-request.ts'

/** The client credentials grant (RFC 6749 section 4.4): a token for the client's own service account, no session. */
export async function grantClientCredentials({ realm, client, form, clock, address }: GrantRequest) {
  const user = [...realm.users.values()].find((one) => one.serviceAccountOf === client.clientId)
  if (!client.serviceAccounts || !user) {
    throw oauthError(401, 'unauthorized_client', 'Client not enabled to retrieve service account')
  }
  const problem = scopeProblem(realm, client, form.scope)
  if (problem) throw oauthError(400, 'invalid_scope', problem)
  const notes = { client_id: client.clientId, clientHost: address, clientAddress: address }
  const grant = grantScope(realm, client, user, form.scope)
  const details = { grant_type: 'client_credentials', client_auth_method: 'client-secret', username: user.username }
  const seen = { clientId: client.clientId, userId: user.id, ipAddress: address, details }
  recordUserEvent(realm, clock, 'CLIENT_LOGIN', seen)
  return issueTokens({ realm, client, user, grant, kind: 'cc', notes }, clock)
}
