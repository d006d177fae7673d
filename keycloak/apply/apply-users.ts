import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import type { Realm, User } from '../realm-schema.ts'
import type { CreatedGroups } from './apply-groups.ts'
import { applyRoleMappings, type HeldRoles } from './apply-role-mappings.ts'
import type { CreatedRoles } from './apply-roles.ts'
import type { RoleDirectory } from './role-directory.ts'
import type { Target } from './target.ts'

/** What this run had to create before the users. */
type Created = { roles: CreatedRoles; groups: CreatedGroups }

/**
 * Creates missing users. One who is there already stays as he is, with his password and whatever an administrator gave or
 * took; only roles and groups that did not exist until now are given as the file says: nobody can have taken those away.
 * Service accounts are no people: they hold exactly the roles of the file.
 */
export async function applyUsers(
  target: Target,
  realm: Realm,
  directory: RoleDirectory,
  created: Created,
): Promise<void> {
  for (const user of realm.users ?? []) {
    if (user.serviceAccountClientId !== undefined) await applyServiceAccount(target, user, directory)
    else await applyUser(target, user, directory, created)
  }
}

async function applyServiceAccount(target: Target, user: User, directory: RoleDirectory): Promise<void> {
  const { admin } = target
  const { id = '' } = await admin.clients.getServiceAccountUser({
    id: await directory.clientId(user.serviceAccountClientId ?? ''),
  })
  await applyRoleMappings(
    target,
    { holder: admin.users, id, label: `user ${user.username}`, wanted: user, exact: true },
    directory,
  )
}

async function applyUser(target: Target, user: User, directory: RoleDirectory, created: Created): Promise<void> {
  const { admin, changed } = target
  const label = `user ${user.username}`
  const [current] = await admin.users.find({ username: user.username, exact: true, briefRepresentation: true })
  if (current?.id !== undefined) {
    const wanted = onlyCreated(user, created.roles)
    await applyRoleMappings(target, { holder: admin.users, id: current.id, label, wanted, exact: false }, directory)
    for (const path of user.groups ?? []) {
      const groupId = created.groups.get(path)
      if (groupId === undefined) continue
      await admin.users.addToGroup({ id: current.id, groupId })
      changed(`${label}: added to group ${path}`)
    }
    return
  }
  const { realmRoles: _, clientRoles: __, ...person } = user
  const { id } = await admin.users.create(person as UserRepresentation)
  changed(`${label}: created`)
  await applyRoleMappings(target, { holder: admin.users, id, label, wanted: user, exact: true }, directory)
}

function onlyCreated({ realmRoles = [], clientRoles = {} }: User, created: CreatedRoles): HeldRoles {
  const ofClients = Object.entries(clientRoles).map(([clientId, roles]): [string, string[]] => [
    clientId,
    roles.filter((role) => created.client.get(clientId)?.has(role)),
  ])
  return {
    realmRoles: realmRoles.filter((role) => created.realm.has(role)),
    clientRoles: Object.fromEntries(ofClients),
  }
}
