import type ClientRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js'
import type { Client, Realm } from '../realm-schema.ts'
import { applyDefaults, type ScopeIds } from './apply-client-scopes.ts'
import { applyMappers } from './apply-mappers.ts'
import { describeDifferences, differentMembers } from './differences.ts'
import type { Target } from './target.ts'

/** Members with endpoints of their own, which an update of the client ignores. */
type OwnEndpoints = 'protocolMappers' | 'defaultClientScopes' | 'optionalClientScopes'

/** Creates missing clients and brings the declared ones to the file, ids kept; clients it does not name are left alone. */
export async function applyClients(target: Target, realm: Realm, scopes: ScopeIds): Promise<void> {
  for (const wanted of realm.clients ?? []) {
    const [current] = await target.admin.clients.find({ clientId: wanted.clientId })
    if (current !== undefined) await updateClient(target, wanted, current, scopes)
    else {
      await target.admin.clients.create(wanted as ClientRepresentation)
      target.changed(`client ${wanted.clientId}: created`)
    }
  }
}

async function updateClient(
  { admin, changed }: Target,
  wanted: Client,
  current: ClientRepresentation,
  scopes: ScopeIds,
) {
  const { protocolMappers, defaultClientScopes, optionalClientScopes, ...members } = wanted
  const label = `client ${wanted.clientId}`
  const id = current.id ?? ''
  const different: Partial<Omit<Client, OwnEndpoints>> = differentMembers(members, current)
  if (Object.keys(different).length > 0) {
    const attributes = { ...current.attributes, ...wanted.attributes }
    // The whole client is sent: an update of attributes alone has been seen to change other things.
    await admin.clients.update({ id }, { ...current, ...different, attributes } as ClientRepresentation)
    changed(`${label}: ${describeDifferences(different, current)}`)
  }
  const owner = {
    label,
    add: (mapper: object) => admin.clients.addProtocolMapper({ id }, mapper),
    update: (mapperId: string, mapper: object) => admin.clients.updateProtocolMapper({ id, mapperId }, mapper),
    remove: (mapperId: string) => admin.clients.delProtocolMapper({ id, mapperId }),
  }
  await applyMappers(owner, protocolMappers, current.protocolMappers ?? [], changed)
  await dropMoved(wanted, current, (scope) =>
    admin.clients.delOptionalClientScope({ id, clientScopeId: scopes.get(scope) ?? '' }),
  )
  await applyDefaults(defaultClientScopes, scopes, `${label}, default scopes`, changed, {
    list: () => admin.clients.listDefaultClientScopes({ id }),
    add: (clientScopeId) => admin.clients.addDefaultClientScope({ id, clientScopeId }),
    remove: (clientScopeId) => admin.clients.delDefaultClientScope({ id, clientScopeId }),
  })
  await applyDefaults(optionalClientScopes, scopes, `${label}, optional scopes`, changed, {
    list: () => admin.clients.listOptionalClientScopes({ id }),
    add: (clientScopeId) => admin.clients.addOptionalClientScope({ id, clientScopeId }),
    remove: (clientScopeId) => admin.clients.delOptionalClientScope({ id, clientScopeId }),
  })
}

/** A scope that is optional now and is to be default must leave the one list before it can join the other. */
async function dropMoved(wanted: Client, current: ClientRepresentation, drop: (scope: string) => Promise<unknown>) {
  const moved = (wanted.defaultClientScopes ?? []).filter((scope) => current.optionalClientScopes?.includes(scope))
  for (const scope of moved) await drop(scope)
}
