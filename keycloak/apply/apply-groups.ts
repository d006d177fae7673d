import type GroupRepresentation from '@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js'
import type { Group, Realm } from '../realm-schema.ts'
import { applyRoleMappings } from './apply-role-mappings.ts'
import { describeDifferences, differentMembers } from './differences.ts'
import type { RoleDirectory } from './role-directory.ts'
import type { Target } from './target.ts'

/** Ids of groups that had to be created, by path: nobody can be in them yet. */
export type CreatedGroups = ReadonlyMap<string, string>

/** Creates missing groups, level by level, and brings attributes and roles of the declared ones to the file. */
export async function applyGroups(target: Target, realm: Realm, directory: RoleDirectory): Promise<CreatedGroups> {
  const context = { target, directory, created: new Map<string, string>() }
  for (const group of realm.groups ?? []) await applyGroup(context, group, { path: '', id: undefined })
  return context.created
}

type Context = { target: Target; directory: RoleDirectory; created: Map<string, string> }
type Parent = { path: string; id: string | undefined }

async function applyGroup({ target, directory, created }: Context, wanted: Group, parent: Parent): Promise<void> {
  const { realmRoles, clientRoles, subGroups = [] } = wanted
  const path = `${parent.path}/${wanted.name}`
  const current = (await groupsNamed(target, wanted.name, parent.id)).find(({ name }) => name === wanted.name)
  const id = current?.id ?? (await createGroup(target, wanted, parent.id))
  if (current?.id === undefined) {
    created.set(path, id)
    target.changed(`group ${path}: created`)
  } else await updateGroup(target, wanted, current, `group ${path}`)
  if (realmRoles !== undefined || clientRoles !== undefined) {
    const mapping = {
      holder: target.admin.groups,
      id,
      label: `group ${path}`,
      wanted: { realmRoles, clientRoles },
      exact: true,
    }
    await applyRoleMappings(target, mapping, directory)
  }
  for (const child of subGroups) await applyGroup({ target, directory, created }, child, { path, id })
}

function groupsNamed({ admin }: Target, name: string, parentId: string | undefined): Promise<GroupRepresentation[]> {
  const query = { search: name, exact: true, briefRepresentation: false }
  return parentId === undefined ? admin.groups.find(query) : admin.groups.listSubGroups({ ...query, parentId })
}

async function createGroup(
  { admin }: Target,
  { name, attributes }: Group,
  parentId: string | undefined,
): Promise<string> {
  const group = { name, ...(attributes === undefined ? {} : { attributes }) }
  const creating =
    parentId === undefined ? admin.groups.create(group) : admin.groups.createChildGroup({ id: parentId }, group)
  return (await creating).id
}

async function updateGroup(
  { admin, changed }: Target,
  { name, attributes }: Group,
  current: GroupRepresentation,
  label: string,
) {
  const different = differentMembers({ attributes }, current)
  if (Object.keys(different).length === 0) return
  await admin.groups.update({ id: current.id ?? '' }, { name, attributes: { ...current.attributes, ...attributes } })
  changed(`${label}: ${describeDifferences(different, current)}`)
}
