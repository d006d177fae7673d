import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { GroupDetail } from '../../platform/keycloak/groups/keycloak-groups.ts'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Administrator } from '../administrator.ts'
import { allOrNothing } from '../all-or-nothing.ts'
import type { GroupDesk } from './group-desk.ts'
import { readParent } from './read-parent.ts'
import { refuseStaleGroup } from './versioned-group.ts'

/**
 * Puts a group, with all below it, below another one or at the top. Its members get what is held through the groups above
 * the new place, and lose what was held through those above the old one.
 * @param parentId null for the top
 * @throws GatewayError GROUP_LOOP for a place below the group itself, GROUP_EXISTS when the name is taken there
 */
export type MoveGroup = (
  by: Administrator,
  id: string,
  parentId: string | null,
  version: string | undefined,
) => Promise<GroupDetail>

export function createMoveGroup(desk: GroupDesk): MoveGroup {
  const { groups, roles, log } = desk

  const throughGroup = async (id: string | null) => (id === null ? [] : roles.ofGroup(id))

  /** What members hold more, and less, in the new place. */
  async function exchange({ id, parentId }: GroupDetail, to: string | null) {
    const [own, before, after] = await Promise.all([
      groups.roles(id).then(roles.expanded),
      throughGroup(parentId),
      throughGroup(to),
    ])
    return { grants: without(after, [...own, ...before]), takes: without(before, [...own, ...after]) }
  }

  /** Somebody may have moved the other group meanwhile, past the gateway: Keycloak then loses both in a loop. */
  async function makeSureItIsThere(id: string): Promise<void> {
    await groups.read(id)
  }

  return (by, id, parentId, version) =>
    desk.withGroup(id, async (group) => {
      refuseStaleGroup(group, version)
      const parent = parentId === null ? null : await readParent(groups, parentId)
      if (group.parentId === parentId) return group
      const concerned = await desk.concerned(by, id, () => ({ isCutOff: (one) => one === id }))
      if (parent !== null && concerned.ids.includes(parent.id))
        throw new GatewayError('GROUP_LOOP', { details: { group: group.path, parent: parent.path } })
      const { grants, takes } = await exchange(group, parentId)
      const path = `${parent?.path ?? ''}/${group.name}`
      await desk.write(by, {
        ...{ action: 'group.update', id },
        ...{ before: { path: group.path, parent: group.parentId }, after: { path, parent: parentId } },
        act: { permission: 'groups.write', grants, takes, group: concerned },
        change: () =>
          allOrNothing(
            [
              {
                what: 'moving the group',
                do: () => groups.move(group, parentId),
                undo: () => groups.move(group, group.parentId),
              },
              {
                what: 'looking at the moved group',
                do: () => makeSureItIsThere(id),
                undo: async () => undefined,
              },
            ],
            log,
          ),
      })
      await desk.renew(concerned.ids)
      return groups.read(id).catch(() => ({ ...group, path, parentId }))
    })
}

const without = (all: readonly RoleView[], others: readonly RoleView[]) =>
  all.filter(({ id }) => !others.some((other) => other.id === id))
