import { randomBytes } from 'node:crypto'
import type ClientRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js'
import type { Router } from 'express'
import type { Clock } from '../clock.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import { importClient } from '../model/import-clients.ts'
import { serviceAccount } from '../model/import-people.ts'
import type { Client, ClientScope } from '../model/types.ts'
import { type AdminRequest, type Guarded, objectBody, pathPart } from './admin-request.ts'
import { clientOf } from './clients-resource.ts'
import { userDetail } from './representations.ts'

const newSecret = () => randomBytes(64).toString('base64url')

function create({ realm, req, res }: AdminRequest, clock: Clock) {
  const source = objectBody(req) as ClientRepresentation
  if (realm.clients.has(source.clientId ?? ''))
    throw new KeycloakError(409, { errorMessage: `Client ${source.clientId} already exists` })
  const secret = source.publicClient || source.bearerOnly ? {} : { secret: source.secret ?? newSecret() }
  const client = importClient({ ...source, ...secret }, realm.settings)
  // A name of no scope is dropped without a word.
  client.defaultScopes = client.defaultScopes.filter((name) => realm.scopes.has(name))
  client.optionalScopes = client.optionalScopes.filter((name) => realm.scopes.has(name))
  realm.clients.set(client.clientId, client)
  if (client.serviceAccounts) {
    const account = serviceAccount(client, realm.name, clock.now())
    realm.users.set(account.id, account)
  }
  res
    .status(201)
    .location(`${new URL(realm.issuer).origin}/admin/realms/${realm.name}/clients/${client.id}`)
    .end()
}

const accountOf = ({ realm }: AdminRequest, client: Client) =>
  [...realm.users.values()].find((user) => user.serviceAccountOf === client.clientId)

function remove(call: AdminRequest) {
  const client = clientOf(call)
  const account = accountOf(call, client)
  if (account) call.realm.users.delete(account.id)
  for (const [key, role] of call.realm.roles) if (role.client === client.clientId) call.realm.roles.delete(key)
  call.realm.clients.delete(client.clientId)
  call.res.status(204).end()
}

function scopeOf({ realm, req }: AdminRequest): ClientScope {
  const scope = [...realm.scopes.values()].find((one) => one.id === pathPart(req, 'scope'))
  if (!scope) throw new KeycloakError(404, { error: 'Client scope not found' })
  return scope
}

/** Making and deleting clients, their secrets, service accounts and default scopes. */
export function mountServiceClients(router: Router, on: Guarded, clock: Clock) {
  const viewing = (handler: (call: AdminRequest) => void) =>
    on((call) => {
      call.admin.needs('view-clients', 'manage-clients')
      handler(call)
    })
  const managing = (handler: (call: AdminRequest) => void) =>
    on((call) => {
      call.admin.needs('manage-clients')
      handler(call)
    })

  router.post(
    '/clients',
    managing((call) => create(call, clock)),
  )
  router.delete('/clients/:id', managing(remove))
  router.get(
    '/clients/:id/client-secret',
    viewing((call) => void call.res.json({ type: 'secret', value: clientOf(call).secret })),
  )
  router.post(
    '/clients/:id/client-secret',
    managing((call) => {
      const client = clientOf(call)
      client.secret = newSecret()
      call.res.json({ type: 'secret', value: client.secret })
    }),
  )
  router.get(
    '/clients/:id/service-account-user',
    viewing((call) => {
      const client = clientOf(call)
      const account = accountOf(call, client)
      if (!account) {
        const error = `Service account not enabled for the client '${client.clientId}'`
        throw new KeycloakError(400, { error })
      }
      const { access: _access, ...user } = userDetail(account, call.admin)
      call.res.json(user)
    }),
  )
  router.get(
    '/clients/:id/default-client-scopes',
    viewing((call) => {
      const scopes = clientOf(call).defaultScopes.flatMap((name) => call.realm.scopes.get(name) ?? [])
      call.res.json(scopes.map(({ id, name }) => ({ id, name })))
    }),
  )
  router.put(
    '/clients/:id/default-client-scopes/:scope',
    managing((call) => {
      const client = clientOf(call)
      client.defaultScopes = [...new Set([...client.defaultScopes, scopeOf(call).name])]
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/clients/:id/default-client-scopes/:scope',
    managing((call) => {
      const client = clientOf(call)
      const { name } = scopeOf(call)
      client.defaultScopes = client.defaultScopes.filter((one) => one !== name)
      call.res.status(204).end()
    }),
  )
}
