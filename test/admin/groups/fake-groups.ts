import { GatewayError, unavailable } from '../../../src/platform/errors/gateway-error.ts'
import type { GroupDetail, GroupFields, KeycloakGroups } from '../../../src/platform/keycloak/groups/keycloak-groups.ts'
import type { RoleView } from '../../../src/platform/keycloak/roles/keycloak-roles.ts'
import { type FakeRealm, fakeRealm, type RealmPlan } from '../fake-realm.ts'

interface FakeGroup {
  above?: string
  roles: string[]
  fields: GroupFields
}

export interface FakeGroupRealm {
  realm: FakeRealm
  groups: KeycloakGroups
  /** As it is now, or undefined. */
  group(id: string): FakeGroup | undefined
  ids(): string[]
  /** The write of this name fails from now on; with `after` only once it has been carried out. */
  fail(write: string, options?: { after?: boolean; times?: number }): void
  /** Reading a single group fails from the nth time on. */
  failReads(from: number): void
}

const LIMIT = 200

/** A realm in memory whose groups can be changed; names of groups begin as their ids. */
export function fakeGroupRealm(plan: RealmPlan): FakeGroupRealm {
  const all: Record<string, FakeGroup> = Object.fromEntries(
    Object.entries(plan.groups ?? {}).map(([id, { above, roles }]) => [
      id,
      {
        roles: [...roles],
        fields: { name: id, description: null, attributes: {} },
        ...(above === undefined ? {} : { above }),
      },
    ]),
  )
  // The same objects, so that what changes here changes what is held there.
  const realm = fakeRealm({ ...plan, groups: all })
  const failures = new Map<string, { after: boolean; times: number }>()
  let [made, reads, failsFrom] = [0, 0, Number.POSITIVE_INFINITY]

  function there(id: string): FakeGroup {
    const found = Object.hasOwn(all, id) ? all[id] : undefined
    if (found === undefined) throw new GatewayError('GROUP_NOT_FOUND')
    return found
  }
  const below = (id: string | undefined) => Object.keys(all).filter((one) => all[one]?.above === id)
  const path = (id: string): string => {
    const { above, fields } = there(id)
    return `${above === undefined ? '' : path(above)}/${fields.name}`
  }
  const tree = (id: string): string[] => [id, ...below(id).flatMap(tree)]
  const detail = (id: string): GroupDetail => ({
    ...{ id, ...there(id).fields, path: path(id), parentId: there(id).above ?? null },
    subGroupCount: below(id).length,
  })
  function refuseTaken(name: string, parent: string | undefined, self?: string): void {
    if (below(parent).some((one) => one !== self && all[one]?.fields.name === name))
      throw new GatewayError('GROUP_EXISTS')
  }
  function place(id: string, parentId: string | null): void {
    const group = there(id)
    refuseTaken(group.fields.name, parentId ?? undefined, id)
    if (parentId === null) delete group.above
    else group.above = parentId
  }

  async function write(name: string, what: string, change: () => void): Promise<void> {
    const failure = failures.get(name)
    const fails = failure !== undefined && failure.times-- > 0
    if (fails && !failure.after) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail')
    change()
    realm.writes.push(`${name} ${what}`)
    if (fails) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail after it was done')
  }
  const part = <T>(rows: T[], { first, max }: { first: number; max: number }) => ({
    rows: rows.slice(first, first + max),
    more: rows.length > first + max,
  })
  const view = (key: string): RoleView => ({
    ...{ id: `id of ${key}`, key, name: key.split(':').at(-1) ?? '', description: null },
    ...{ composite: (plan.roles[key]?.length ?? 0) > 0, clientUuid: key.startsWith('client:') ? 'of a client' : null },
  })
  const keys = (views: readonly RoleView[]) => views.map(({ key }) => key)
  const kind = (views: readonly RoleView[]) => ((views[0]?.clientUuid ?? null) === null ? 'roles' : 'client roles')

  return {
    realm,
    group: (id) => (Object.hasOwn(all, id) ? all[id] : undefined),
    ids: () => Object.keys(all),
    fail: (name, { after = false, times = Number.POSITIVE_INFINITY } = {}) => void failures.set(name, { after, times }),
    failReads(from) {
      ;[reads, failsFrom] = [0, from]
    },
    groups: {
      async read(id) {
        if (++reads >= failsFrom) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail')
        return detail(id)
      },
      async children(id, { search = '', ...page }) {
        there(id)
        return part(
          below(id)
            .map(detail)
            .filter(({ name }) => name.includes(search)),
          page,
        )
      },
      async members(id, page) {
        there(id)
        const found = Object.keys(plan.people ?? {}).filter((one) => realm.groupsOf(one).includes(id))
        return part(found.map(realm.person), page)
      },
      roles: async (id) => there(id).roles.map(view),
      async tree(id) {
        const ids = tree(detail(id).id)
        if (ids.length > LIMIT) throw new GatewayError('GROUP_TOO_LARGE', { details: { limit: LIMIT } })
        return { ids, withRoles: ids.filter((one) => there(one).roles.length > 0) }
      },
      async create(fields, parentId) {
        if (parentId !== null) there(parentId)
        refuseTaken(fields.name, parentId ?? undefined)
        const id = `made-${++made}`
        const above = parentId === null ? {} : { above: parentId }
        await write('create group', `${id} ${fields.name}`, () => {
          all[id] = { ...above, roles: [], fields }
        })
        return id
      },
      change: (id, fields) =>
        write('change group', `${id} ${JSON.stringify(fields)}`, () => {
          refuseTaken(fields.name, there(id).above, id)
          there(id).fields = fields
        }),
      move: ({ id }, parentId) => write('move group', `${id} ${parentId ?? 'top'}`, () => place(id, parentId)),
      remove: (id) =>
        write('remove group', id, () => {
          for (const one of tree(detail(id).id)) delete all[one]
        }),
      assign: (id, views) =>
        write(`assign group ${kind(views)}`, `${id} ${keys(views)}`, () => {
          there(id).roles = [...new Set([...there(id).roles, ...keys(views)])]
        }),
      withdraw: (id, views) =>
        write(`withdraw group ${kind(views)}`, `${id} ${keys(views)}`, () => {
          there(id).roles = there(id).roles.filter((key) => !keys(views).includes(key))
        }),
    },
  }
}
