import type { GroupConcerned } from '../../access/read-standings.ts'
import type { GroupDetail, KeycloakGroups } from '../../platform/keycloak/groups/keycloak-groups.ts'
import type { GroupsToCome, KeycloakRoles, RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { KeycloakUsers } from '../../platform/keycloak/users/keycloak-users.ts'
import type { Administrator } from '../administrator.ts'
import { createRecordWrite, type RecordWriteParts, type Write } from '../record-write.ts'
import { createMembersOf, type MembersConcerned } from './members-of.ts'
import { refuseStaleGroup } from './versioned-group.ts'

export interface GroupDeskParts extends RecordWriteParts {
  groups: KeycloakGroups
  roles: Pick<KeycloakRoles, 'find' | 'expanded' | 'ofGroup' | 'isStillHeld'>
  users: Pick<KeycloakUsers, 'groupIds'>
  /** What was issued to these people is renewed before it is used again, so that what they hold now counts at once. */
  renewAccess: (members: MembersConcerned) => Promise<void>
}

/** A write of one group, or of one that is being created (`id` null). */
export type GroupWrite<T> = Omit<Write<T>, 'target'> & { id: string | null }

/** A group and those below it, with what decides whether they may be changed. */
export interface Concerned extends GroupConcerned {
  ids: readonly string[]
}

/** How every administrative write of groups is done: one at a time in the whole cluster, allowed, recorded, carried out. */
export interface GroupDesk extends GroupDeskParts {
  /** One change of groups at a time: two moves at once could put each of two groups below the other. */
  inGroupTurn<T>(work: () => Promise<T>): Promise<T>
  /**
   * With the group as it is at the beginning of the turn.
   * @param version as the administrator has read it; undefined for whatever is there
   * @throws GatewayError GROUP_NOT_FOUND, VERSION_CONFLICT
   */
  withGroup<T>(id: string, work: (group: GroupDetail) => Promise<T>, version?: string): Promise<T>
  /** @throws GatewayError INSUFFICIENT_PERMISSIONS, LAST_ADMINISTRATOR, AUDIT_UNAVAILABLE, and whatever `change` throws */
  write<T>(by: Administrator, write: GroupWrite<T>): Promise<T>
  /** The group with the groups above it, for what gives nothing and takes nothing. */
  concernedAlone(id: string): Promise<GroupConcerned>
  /** The group with those above and below it. @param toCome what becomes of groups, where something is taken */
  concerned(by: Administrator, id: string, toCome?: (ids: readonly string[]) => GroupsToCome): Promise<Concerned>
  /** Who is in these groups; read before groups go. */
  membersOf(ids: readonly string[]): Promise<MembersConcerned>
  /** After a change; never fails it: what cannot be told now counts when tokens are renewed. */
  renewMembers(members: MembersConcerned): Promise<void>
  /** The same for whoever is in these groups now. */
  renew(ids: readonly string[]): Promise<void>
}

const GROUPS = 'groups'
const ADMINISTRATOR = 'realm:admin'

export function createGroupDesk(parts: GroupDeskParts): GroupDesk {
  const { groups, roles, users, renewAccess, inTurn, log } = parts
  const record = createRecordWrite(parts)
  const inGroupTurn = <T>(work: () => Promise<T>) => inTurn(GROUPS, work)
  const membersOf = createMembersOf(groups)
  const tell = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => log.warn('a change of groups counts only when tokens are renewed', { error }),
    )

  return {
    ...parts,
    inGroupTurn,
    withGroup: (id, work, version) =>
      inGroupTurn(async () => {
        const group = await groups.read(id)
        refuseStaleGroup(group, version)
        return work(group)
      }),
    write: (by, { id, ...what }) => record(by, { ...what, target: { kind: 'group', id } }),
    concernedAlone: async (id) => ({
      roles: await roles.ofGroup(id),
      holdsCaller: false,
      keepsAdministrator: async () => true,
    }),
    async concerned(by, id, toCome = () => ({})) {
      const [{ ids, withRoles }, own] = await Promise.all([groups.tree(id), users.groupIds(by.identity.id)])
      const held = new Map<string, RoleView>()
      for (const one of new Set([id, ...withRoles]))
        for (const role of await roles.ofGroup(one)) held.set(role.id, role)
      return {
        ids,
        roles: [...held.values()],
        holdsCaller: own.some((one) => ids.includes(one)),
        keepsAdministrator: () => roles.isStillHeld(ADMINISTRATOR, toCome(ids)),
      }
    },
    membersOf,
    renewMembers: (members) => tell(renewAccess(members)),
    renew: (ids) => tell(membersOf(ids).then(renewAccess)),
  }
}
