import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { Client } from '../model/types.ts'
import { type AdminRequest, type Guarded, objectBody, pathPart } from './admin-request.ts'
import { listQuery, part } from './list-query.ts'
import { clientRow } from './representations.ts'
import { answerRoles } from './role-list.ts'

/** The client of the path. @throws 404 */
export function clientOf({ realm, req }: AdminRequest): Client {
  const client = [...realm.clients.values()].find((one) => one.id === pathPart(req, 'id'))
  if (!client) throw new KeycloakError(404, { error: 'Could not find client' })
  return client
}

/** Absent members are kept, attributes are merged, and an empty attribute goes away. */
function update(client: Client, body: Record<string, unknown>) {
  const flag = (name: string, before: boolean) => (typeof body[name] === 'boolean' ? body[name] : before)
  if (typeof body.name === 'string') client.name = body.name
  if (typeof body.description === 'string') client.description = body.description
  const list = (name: string, before: string[]) => (Array.isArray(body[name]) ? body[name].map(String) : before)
  client.enabled = flag('enabled', client.enabled)
  client.standardFlow = flag('standardFlowEnabled', client.standardFlow)
  client.directGrants = flag('directAccessGrantsEnabled', client.directGrants)
  client.serviceAccounts = flag('serviceAccountsEnabled', client.serviceAccounts)
  client.frontchannelLogout = flag('frontchannelLogout', client.frontchannelLogout)
  client.fullScopeAllowed = flag('fullScopeAllowed', client.fullScopeAllowed)
  client.redirectUris = list('redirectUris', client.redirectUris)
  client.webOrigins = list('webOrigins', client.webOrigins)
  if (typeof body.secret === 'string') client.secret = body.secret
  if (typeof body.notBefore === 'number') client.notBefore = body.notBefore
  if (typeof body.clientAuthenticatorType === 'string') client.authenticator = body.clientAuthenticatorType
  for (const [name, value] of Object.entries(body.attributes ?? {})) {
    if (value === '' || value === null) delete client.attributes[name]
    else client.attributes[name] = String(value)
  }
}

/** `/admin/realms/{realm}/clients`: find one, change it. */
export function mountClients(router: Router, on: Guarded) {
  const mayView = (call: AdminRequest) => call.admin.needs('view-clients', 'manage-clients')

  router.get(
    '/clients',
    on((call) => {
      call.admin.needs('view-clients', 'manage-clients', 'query-clients')
      const query = listQuery(call.req)
      const wanted = query.text('clientId')
      const all = call.admin.has('view-clients', 'manage-clients') ? [...call.realm.clients.values()] : []
      const found = all.filter((client) => {
        if (wanted === undefined) return true
        return query.isOn('search') ? client.clientId.includes(wanted) : client.clientId === wanted
      })
      call.res.json(part(found, query).map((client) => clientRow(client, call.admin)))
    }),
  )
  router.get(
    '/clients/:id',
    on((call) => {
      mayView(call)
      call.res.json(clientRow(clientOf(call), call.admin))
    }),
  )
  router.put(
    '/clients/:id',
    on((call) => {
      call.admin.needs('manage-clients')
      update(clientOf(call), objectBody(call.req))
      call.res.status(204).end()
    }),
  )
  router.get(
    '/clients/:id/roles',
    on((call) => {
      mayView(call)
      const { clientId } = clientOf(call)
      answerRoles(
        call,
        [...call.realm.roles.values()].filter((role) => role.client === clientId),
      )
    }),
  )
}
