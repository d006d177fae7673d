import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Administrator } from '../administrator.ts'
import { allOrNothing } from '../all-or-nothing.ts'
import { keysOf, rolesOfKeys } from '../roles-of-keys.ts'
import type { UserDesk } from './user-desk.ts'

/** Given directly, and all that is held: through groups and composites too. */
export interface RolesOfUser {
  direct: RoleView[]
  effective: RoleView[]
}

/** Roles and groups of others; `version` is that of the user, as the administrator has read it. */
export interface AssignToUsers {
  /** @throws GatewayError USER_NOT_FOUND */
  roles(id: string): Promise<RolesOfUser>
  /** @param keys `realm:<role>` or `client:<client>:<role>` @throws GatewayError INVALID_REQUEST for a role that is not there */
  giveRoles(by: Administrator, id: string, keys: readonly string[], version?: string): Promise<RolesOfUser>
  takeRoles(by: Administrator, id: string, keys: readonly string[], version?: string): Promise<RolesOfUser>
  /** @throws GatewayError USER_NOT_FOUND, GROUP_NOT_FOUND */
  join(by: Administrator, id: string, groupId: string, version?: string): Promise<void>
  leave(by: Administrator, id: string, groupId: string, version?: string): Promise<void>
}

export function createAssignToUsers(desk: UserDesk): AssignToUsers {
  const { users, roles, renewAccess, log } = desk

  async function rolesOf(id: string): Promise<RolesOfUser> {
    const [direct, effective] = await Promise.all([roles.direct(id), roles.effective(id)])
    return { direct: direct.sort(byKey), effective: effective.sort(byKey) }
  }

  /** Roles of the realm and of each client are given by calls of their own: all of them, or none. */
  async function mapAll(id: string, views: readonly RoleView[], direction: 'assign' | 'withdraw'): Promise<void> {
    const opposite = direction === 'assign' ? 'withdraw' : 'assign'
    const owners = [...new Set(views.map(({ clientUuid }) => clientUuid))]
    const steps = owners.map((owner) => {
      const part = views.filter(({ clientUuid }) => clientUuid === owner)
      return {
        what: `to ${direction} roles`,
        do: () => roles[direction](id, part),
        undo: () => roles[opposite](id, part),
      }
    })
    await allOrNothing(steps, log)
    await renew(id)
  }

  /** Whether routes ask for this group, and the caller is not in it, now and by the token. */
  async function opensMore({ identity }: Administrator, groupId: string): Promise<boolean> {
    const path = await users.groupPath(groupId)
    if (!desk.isAskedFor(path)) return false
    return !identity.groups.includes(path) || !(await users.groupIds(identity.id)).includes(groupId)
  }

  /** What is held counts at once; where this cannot be said to the other instances, it counts when tokens are renewed. */
  const renew = (id: string) =>
    renewAccess(id).catch((error: unknown) => log.warn('new roles count only when tokens are renewed', { error }))

  return {
    roles: rolesOf,
    giveRoles: (by, id, keys, version) =>
      desk.withUser(
        id,
        async (target) => {
          const [wanted, held] = await Promise.all([rolesOfKeys(roles, keys), roles.direct(id)])
          const grants = wanted.filter((role) => !held.some((one) => one.id === role.id))
          await desk.write(by, {
            action: 'user.assign-roles',
            act: { permission: 'roles.assign', target, grants: wanted },
            ...{
              before: { username: target.username, roles: keysOf(held) },
              after: { roles: keysOf([...held, ...grants]) },
            },
            change: () => mapAll(id, grants, 'assign'),
          })
          return rolesOf(id)
        },
        version,
      ),
    takeRoles: (by, id, keys, version) =>
      desk.withUser(
        id,
        async (target) => {
          const [wanted, held] = await Promise.all([rolesOfKeys(roles, keys), roles.direct(id)])
          const takes = wanted.filter((role) => held.some((one) => one.id === role.id))
          const kept = held.filter((role) => !takes.some((one) => one.id === role.id))
          await desk.write(by, {
            action: 'user.remove-roles',
            act: { permission: 'roles.assign', target, takes: wanted },
            ...{ before: { username: target.username, roles: keysOf(held) }, after: { roles: keysOf(kept) } },
            change: () => mapAll(id, takes, 'withdraw'),
          })
          return rolesOf(id)
        },
        version,
      ),
    join: (by, id, groupId, version) =>
      desk.withUser(
        id,
        async (target) => {
          const [grants, groups, opens] = await Promise.all([
            roles.ofGroup(groupId),
            users.groupIds(id),
            opensMore(by, groupId),
          ])
          await desk.write(by, {
            action: 'user.join-group',
            act: { permission: 'groups.assign', target, grants, opensMore: opens },
            ...{ before: { username: target.username, groups }, after: { groups: [...new Set([...groups, groupId])] } },
            change: () => users.join(id, groupId).then(() => renew(id)),
          })
        },
        version,
      ),
    leave: (by, id, groupId, version) =>
      desk.withUser(
        id,
        async (target) => {
          const [takes, groups] = await Promise.all([roles.ofGroup(groupId), users.groupIds(id)])
          await desk.write(by, {
            action: 'user.leave-group',
            act: { permission: 'groups.assign', target, takes: groups.includes(groupId) ? takes : [] },
            ...{
              before: { username: target.username, groups },
              after: { groups: groups.filter((one) => one !== groupId) },
            },
            change: () => users.leave(id, groupId).then(() => renew(id)),
          })
        },
        version,
      ),
  }
}

const byKey = (a: RoleView, b: RoleView) => (a.key < b.key ? -1 : 1)
