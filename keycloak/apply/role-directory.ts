import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'
import type RoleRepresentation from '@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js'

/** A role as Keycloak's mapping calls want it. */
export type RoleId = { id: string; name: string }

/** Looks up clients and roles by name, each list fetched once; `forget` after clients or roles have been created. */
export type RoleDirectory = {
  clientId: (clientId: string) => Promise<string>
  realmRole: (name: string) => Promise<RoleId>
  clientRole: (clientId: string, name: string) => Promise<RoleId>
  realmRoles: () => Promise<RoleRepresentation[]>
  clientRoles: (clientId: string) => Promise<RoleRepresentation[]>
  forget: () => void
}

export function createRoleDirectory(admin: KeycloakAdminClient): RoleDirectory {
  const lists = new Map<string, Promise<RoleRepresentation[]>>()
  const clientIds = new Map<string, string>()
  const listed = (key: string, fetchList: () => Promise<RoleRepresentation[]>) => {
    const list = lists.get(key) ?? fetchList()
    lists.set(key, list)
    return list
  }
  const clientId = async (name: string) => {
    const known = clientIds.get(name) ?? (await admin.clients.find({ clientId: name }))[0]?.id
    if (known === undefined) throw new Error(`Keycloak has no client "${name}"`)
    clientIds.set(name, known)
    return known
  }
  const realmRoles = () => listed('realm', () => admin.roles.find())
  const clientRoles = async (name: string) => {
    const id = await clientId(name)
    return await listed(`client ${name}`, () => admin.clients.listRoles({ id }))
  }
  return {
    clientId,
    realmRoles,
    clientRoles,
    realmRole: async (name) => pick(await realmRoles(), name, 'realm role'),
    clientRole: async (client, name) => pick(await clientRoles(client), name, `role of the client ${client}`),
    forget: () => {
      lists.clear()
      clientIds.clear()
    },
  }
}

function pick(roles: readonly RoleRepresentation[], name: string, kind: string): RoleId {
  const id = roles.find((role) => role.name === name)?.id
  if (id === undefined) throw new Error(`Keycloak has no ${kind} "${name}"`)
  return { id, name }
}
