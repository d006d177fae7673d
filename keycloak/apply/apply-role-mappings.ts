import type MappingsRepresentation from '@keycloak/keycloak-admin-client/lib/defs/mappingsRepresentation.js'
import { ownValue } from '../realm-file/own-value.ts'
import type { RoleDirectory, RoleId } from './role-directory.ts'
import type { Target } from './target.ts'

/** The roles a user or group is to hold. */
export type HeldRoles = { realmRoles?: string[] | undefined; clientRoles?: Record<string, string[]> | undefined }

type Roles = { id: string; roles: RoleId[] }
type ClientRoles = Roles & { clientUniqueId: string }

/** What users and groups have in common in the admin client. */
type Holder = {
  listRoleMappings: (query: { id: string }) => Promise<MappingsRepresentation>
  addRealmRoleMappings: (mapping: Roles) => Promise<unknown>
  delRealmRoleMappings: (mapping: Roles) => Promise<unknown>
  addClientRoleMappings: (mapping: ClientRoles) => Promise<unknown>
  delClientRoleMappings: (mapping: ClientRoles) => Promise<unknown>
}

type RoleMapping = { holder: Holder; id: string; label: string; wanted: HeldRoles; exact: boolean }

/** Gives a user or group the wanted roles; with `exact` it loses all others, client roles of every client included. */
export async function applyRoleMappings(
  { changed }: Target,
  mapping: RoleMapping,
  directory: RoleDirectory,
): Promise<void> {
  const { holder, id, label, wanted, exact } = mapping
  const current = await holder.listRoleMappings({ id })
  const realmRoles = await Promise.all((wanted.realmRoles ?? []).map((name) => directory.realmRole(name)))
  const ofRealm = compare(realmRoles, current.realmMappings, exact)
  if (ofRealm.missing.length > 0) await holder.addRealmRoleMappings({ id, roles: ofRealm.missing })
  if (ofRealm.extra.length > 0) await holder.delRealmRoleMappings({ id, roles: ofRealm.extra })
  tell(ofRealm, `${label}: role`, changed)

  for (const clientId of new Set([
    ...Object.keys(wanted.clientRoles ?? {}),
    ...Object.keys(current.clientMappings ?? {}),
  ])) {
    const names = ownValue(wanted.clientRoles, clientId) ?? []
    const roles = await Promise.all(names.map((name) => directory.clientRole(clientId, name)))
    const ofClient = compare(roles, ownValue(current.clientMappings, clientId)?.mappings, exact)
    if (ofClient.missing.length + ofClient.extra.length === 0) continue
    const clientUniqueId = await directory.clientId(clientId)
    if (ofClient.missing.length > 0) await holder.addClientRoleMappings({ id, clientUniqueId, roles: ofClient.missing })
    if (ofClient.extra.length > 0) await holder.delClientRoleMappings({ id, clientUniqueId, roles: ofClient.extra })
    tell(ofClient, `${label}: role of client ${clientId}`, changed)
  }
}

type Difference = { missing: RoleId[]; extra: RoleId[] }

function compare(
  wanted: readonly RoleId[],
  held: readonly { id?: string; name?: string }[] = [],
  exact: boolean,
): Difference {
  const current = held.map(({ id = '', name = '' }) => ({ id, name }))
  return {
    missing: wanted.filter(({ id }) => !current.some((role) => role.id === id)),
    extra: exact ? current.filter(({ id }) => !wanted.some((role) => role.id === id)) : [],
  }
}

function tell({ missing, extra }: Difference, label: string, changed: (what: string) => void): void {
  for (const { name } of missing) changed(`${label} ${name} given`)
  for (const { name } of extra) changed(`${label} ${name} taken away`)
}
