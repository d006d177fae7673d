import type RoleRepresentation from '@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js'
import type { Realm, Role } from '../realm-schema.ts'
import { describeDifferences, differentMembers } from './differences.ts'
import type { RoleDirectory, RoleId } from './role-directory.ts'
import type { Target } from './target.ts'

/** Roles that had to be created: nobody can hold them yet. */
export type CreatedRoles = { realm: Set<string>; client: Map<string, Set<string>> }

/**
 * Creates missing realm and client roles and brings texts, attributes and composites of the declared ones to the file.
 * Roles the file does not name are left alone. Clients must be there already.
 */
export async function applyRoles(target: Target, realm: Realm, directory: RoleDirectory): Promise<CreatedRoles> {
  const { admin, changed } = target
  const created: CreatedRoles = { realm: new Set(), client: new Map() }
  for (const role of realm.roles?.realm ?? []) {
    const current = (await directory.realmRoles()).find(({ name }) => name === role.name)
    const label = `role ${role.name}`
    if (current !== undefined) await updateRole(target, label, role, current)
    else {
      await admin.roles.create(withoutComposites(role))
      created.realm.add(role.name)
      changed(`${label}: created`)
    }
  }
  for (const [clientId, roles] of Object.entries(realm.roles?.client ?? {})) {
    const id = await directory.clientId(clientId)
    const current = await directory.clientRoles(clientId)
    const missing = new Set<string>()
    for (const role of roles) {
      const label = `role ${role.name} of client ${clientId}`
      const found = current.find(({ name }) => name === role.name)
      if (found !== undefined) await updateRole(target, label, role, found)
      else {
        await admin.clients.createRole({ ...withoutComposites(role), id })
        missing.add(role.name)
        changed(`${label}: created`)
      }
    }
    created.client.set(clientId, missing)
  }
  directory.forget()
  await applyComposites(target, realm, directory)
  return created
}

function withoutComposites({ name, description, attributes }: Role): RoleRepresentation {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(attributes === undefined ? {} : { attributes }),
  }
}

async function updateRole(
  { admin, changed }: Target,
  label: string,
  wanted: Role,
  listed: RoleRepresentation,
): Promise<void> {
  const id = listed.id ?? ''
  // Lists of roles come without attributes.
  const current = wanted.attributes === undefined ? listed : ((await admin.roles.findOneById({ id })) ?? listed)
  const different = differentMembers(withoutComposites(wanted), current)
  if (Object.keys(different).length === 0) return
  await admin.roles.updateById({ id }, { ...current, ...different })
  changed(`${label}: ${describeDifferences(different, current)}`)
}

async function applyComposites(target: Target, realm: Realm, directory: RoleDirectory): Promise<void> {
  for (const role of realm.roles?.realm ?? []) {
    await applyCompositesOf(target, `role ${role.name}`, role, () => directory.realmRole(role.name), directory)
  }
  for (const [clientId, roles] of Object.entries(realm.roles?.client ?? {})) {
    for (const role of roles) {
      const find = () => directory.clientRole(clientId, role.name)
      await applyCompositesOf(target, `role ${role.name} of client ${clientId}`, role, find, directory)
    }
  }
}

async function applyCompositesOf(
  { admin, changed }: Target,
  label: string,
  { composites }: Role,
  find: () => Promise<RoleId>,
  directory: RoleDirectory,
): Promise<void> {
  if (composites === undefined) return
  const { id } = await find()
  const wanted = await rolesOf(composites, directory)
  const current = await admin.roles.getCompositeRoles({ id })
  const missing = wanted.filter((role) => !current.some((other) => other.id === role.id))
  const extra = current.filter((role) => !wanted.some((other) => other.id === role.id))
  if (missing.length > 0) {
    await admin.roles.createComposite({ roleId: id }, missing)
    changed(`${label}: now contains ${missing.map(({ name }) => name).join(', ')}`)
  }
  if (extra.length > 0) {
    await admin.roles.delCompositeRoles({ id }, extra)
    changed(`${label}: contains no longer ${extra.map(({ name }) => name).join(', ')}`)
  }
}

async function rolesOf(composites: NonNullable<Role['composites']>, directory: RoleDirectory): Promise<RoleId[]> {
  const ofRealm = (composites.realm ?? []).map((name) => directory.realmRole(name))
  const ofClients = Object.entries(composites.client ?? {}).flatMap(([clientId, names]) =>
    names.map((name) => directory.clientRole(clientId, name)),
  )
  return await Promise.all([...ofRealm, ...ofClients])
}
