import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { GroupDetail, GroupFields } from '../../platform/keycloak/groups/keycloak-groups.ts'
import type { Administrator } from '../administrator.ts'
import type { GroupDesk } from './group-desk.ts'
import { readParent } from './read-parent.ts'
import { refuseStaleGroup } from './versioned-group.ts'

/** What changes of a group; absent members stay as they are. */
export type GroupChanges = { [Name in keyof GroupFields]?: GroupFields[Name] | undefined }

/** Groups: create, change, delete. */
export interface ChangeGroups {
  /** @param parentId null for the top @throws GatewayError GROUP_EXISTS, GROUP_NOT_FOUND for the one above */
  create(by: Administrator, fields: GroupFields, parentId: string | null): Promise<GroupDetail>
  /** @param version as the administrator has read it; undefined for whatever is there */
  change(by: Administrator, id: string, changes: GroupChanges, version: string | undefined): Promise<GroupDetail>
  /**
   * @param withContents also where it has members or groups below it
   * @throws GatewayError GROUP_NOT_EMPTY telling what is in it
   */
  remove(
    by: Administrator,
    id: string,
    options: { withContents: boolean; version: string | undefined },
  ): Promise<{ groups: number }>
}

/** So many are told, or counted. */
const TOLD = 10
const COUNTED = 100

export function createChangeGroups(desk: GroupDesk): ChangeGroups {
  const { groups } = desk

  async function refuseFull({ id, subGroupCount }: GroupDetail): Promise<void> {
    const [members, below] = await Promise.all([
      groups.members(id, { first: 0, max: COUNTED }),
      groups.children(id, { first: 0, max: TOLD }),
    ])
    if (members.rows.length === 0 && below.rows.length === 0) return
    const details = {
      members: { count: members.rows.length, more: members.more },
      subGroups: { count: Math.max(subGroupCount, below.rows.length), names: below.rows.map(({ name }) => name) },
      mend: 'Send ?withContents=true to delete it with all groups below it; its members stay, without it.',
    }
    throw new GatewayError('GROUP_NOT_EMPTY', { details })
  }

  return {
    create: (by, fields, parentId) =>
      desk.inGroupTurn(async () => {
        const parent = parentId === null ? null : await readParent(groups, parentId)
        const above = parent === null ? {} : { group: await desk.concernedAlone(parent.id) }
        const path = `${parent?.path ?? ''}/${fields.name}`
        const id = await desk.write(by, {
          ...{ action: 'group.create', id: null, after: { ...fields, path, parent: parentId } },
          act: { permission: 'groups.write', ...above },
          change: () => groups.create(fields, parentId),
          describe: (made) => ({ target: { kind: 'group', id: made } }),
        })
        return groups.read(id).catch(() => ({ id, ...fields, path, parentId, subGroupCount: 0 }))
      }),
    change: (by, id, wanted, version) =>
      desk.withGroup(id, async (group) => {
        refuseStaleGroup(group, version)
        const fields = { ...fieldsOf(group), ...present(wanted) }
        const changes = whatChanges(group, fields)
        // Both reach the members of groups below, and their tokens: the name by the path, attributes by inheritance.
        const reachesBelow = changes.name !== undefined || changes.attributes !== undefined
        const below = reachesBelow ? await desk.concerned(by, id) : undefined
        await desk.write(by, {
          ...{ action: 'group.update', id, before: { path: group.path, ...back(group, changes) }, after: changes },
          act: { permission: 'groups.write', group: below ?? (await desk.concernedAlone(id)) },
          async change() {
            if (Object.keys(changes).length > 0) await groups.change(id, fields)
          },
        })
        if (below !== undefined) await desk.renew(below.ids)
        return groups.read(id).catch(() => ({ ...group, ...fields }))
      }),
    remove: (by, id, { withContents, version }) =>
      desk.withGroup(id, async (group) => {
        refuseStaleGroup(group, version)
        if (!withContents) await refuseFull(group)
        const concerned = await desk.concerned(by, id, (ids) => {
          const goes = (one: string) => ids.includes(one)
          return { isCutOff: goes, givesNoMore: goes }
        })
        const members = await desk.membersOf(concerned.ids)
        await desk.write(by, {
          ...{ action: 'group.delete', id },
          before: {
            ...fieldsOf(group),
            ...{ path: group.path, parent: group.parentId, groups: concerned.ids.length },
            members: members === 'everyone' ? 'very many' : members.length,
          },
          act: { permission: 'groups.write', takes: concerned.roles, group: concerned },
          change: () => groups.remove(id),
        })
        await desk.renewMembers(members)
        return { groups: concerned.ids.length }
      }),
  }
}

const fieldsOf = ({ name, description, attributes }: GroupDetail): GroupFields => ({ name, description, attributes })

function present({ name, description, attributes }: GroupChanges): Partial<GroupFields> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(attributes === undefined ? {} : { attributes: sorted(attributes) }),
  }
}

const sorted = (attributes: GroupFields['attributes']) =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))

function whatChanges(group: GroupDetail, fields: GroupFields): Partial<GroupFields> {
  const entries = Object.entries(fields).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(group[name as keyof GroupFields]),
  )
  return Object.fromEntries(entries)
}

/** The same members as they were. */
function back(group: GroupDetail, changes: Partial<GroupFields>): object {
  return Object.fromEntries(Object.keys(changes).map((name) => [name, group[name as keyof GroupFields]]))
}
