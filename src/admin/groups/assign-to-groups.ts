import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Administrator } from '../administrator.ts'
import { allOrNothing } from '../all-or-nothing.ts'
import { keysOf, rolesOfKeys } from '../roles-of-keys.ts'
import type { GroupDesk } from './group-desk.ts'

/** Given directly, and all that members hold through the group, those above it and composites. */
export interface RolesOfGroup {
  direct: RoleView[]
  effective: RoleView[]
}

/** Roles of groups: who is in a group, or in one below it, holds them. */
export interface AssignToGroups {
  /** @throws GatewayError GROUP_NOT_FOUND */
  roles(id: string): Promise<RolesOfGroup>
  /** @param keys `realm:<role>` or `client:<client>:<role>` @throws GatewayError INVALID_REQUEST for a role that is not there */
  giveRoles(by: Administrator, id: string, keys: readonly string[], version?: string): Promise<RolesOfGroup>
  takeRoles(by: Administrator, id: string, keys: readonly string[], version?: string): Promise<RolesOfGroup>
}

/** The endpoint asks for `groups.write`; who changes what groups give, gives and takes roles besides. */
const NEEDED = { permission: 'roles.assign', also: ['groups.write'] } as const

export function createAssignToGroups(desk: GroupDesk): AssignToGroups {
  const { groups, roles, log } = desk

  async function rolesOf(id: string): Promise<RolesOfGroup> {
    const [direct, effective] = await Promise.all([groups.roles(id), roles.ofGroup(id)])
    return { direct: direct.sort(byKey), effective: effective.sort(byKey) }
  }

  /** Roles of the realm and of each client are given by calls of their own: all of them, or none. */
  function mapAll(id: string, views: readonly RoleView[], direction: 'assign' | 'withdraw'): Promise<void> {
    const opposite = direction === 'assign' ? 'withdraw' : 'assign'
    const owners = [...new Set(views.map(({ clientUuid }) => clientUuid))]
    const steps = owners.map((owner) => {
      const part = views.filter(({ clientUuid }) => clientUuid === owner)
      return {
        what: `to ${direction} roles of a group`,
        do: () => groups[direction](id, part),
        undo: () => groups[opposite](id, part),
      }
    })
    return allOrNothing(steps, log)
  }

  return {
    roles: rolesOf,
    giveRoles: (by, id, keys, version) =>
      desk.withGroup(
        id,
        async (group) => {
          const [wanted, held, concerned] = await Promise.all([
            rolesOfKeys(roles, keys),
            groups.roles(id),
            desk.concerned(by, id),
          ])
          const grants = wanted.filter((role) => !held.some((one) => one.id === role.id))
          await desk.write(by, {
            ...{ action: 'group.update', id, before: { path: group.path, roles: keysOf(held) } },
            after: { roles: keysOf([...held, ...grants]) },
            act: { ...NEEDED, grants: wanted, group: concerned },
            change: () => mapAll(id, grants, 'assign'),
          })
          await desk.renew(concerned.ids)
          return rolesOf(id)
        },
        version,
      ),
    takeRoles: (by, id, keys, version) =>
      desk.withGroup(
        id,
        async (group) => {
          const [wanted, held] = await Promise.all([rolesOfKeys(roles, keys), groups.roles(id)])
          const takes = wanted.filter((role) => held.some((one) => one.id === role.id))
          const kept = held.filter((role) => !takes.some((one) => one.id === role.id))
          const ofRealm = takes.flatMap(({ name, clientUuid }) => (clientUuid === null ? [name] : []))
          const concerned = await desk.concerned(by, id, () => ({
            givesNoMore: (one, name) => one === id && ofRealm.includes(name),
          }))
          await desk.write(by, {
            ...{ action: 'group.update', id, before: { path: group.path, roles: keysOf(held) } },
            after: { roles: keysOf(kept) },
            act: { ...NEEDED, takes, group: concerned },
            change: () => mapAll(id, takes, 'withdraw'),
          })
          await desk.renew(concerned.ids)
          return rolesOf(id)
        },
        version,
      ),
  }
}

const byKey = (a: RoleView, b: RoleView) => (a.key < b.key ? -1 : 1)
