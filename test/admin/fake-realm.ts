import { GatewayError, unavailable } from '../../src/platform/errors/gateway-error.ts'
import type { UserDetail } from '../../src/platform/keycloak/people/keycloak-admin.ts'
import type { KeycloakRoles, RolesForDecision, RoleView } from '../../src/platform/keycloak/roles/keycloak-roles.ts'
import type { KeycloakUsers, UserChanges } from '../../src/platform/keycloak/users/keycloak-users.ts'

/** What there is: roles with what they contain, groups with the one above and their roles, people with both. */
export interface RealmPlan {
  roles: Record<string, readonly string[]>
  groups?: Record<string, { above?: string; roles: readonly string[] }>
  people?: Record<string, { roles?: readonly string[]; groups?: readonly string[]; enabled?: boolean }>
  /** What everybody gets who is created. */
  defaults?: readonly string[]
}

/** A realm in memory behind the ports of administration; notes every write, and fails where it is told. */
export interface FakeRealm {
  users: KeycloakUsers
  roles: KeycloakRoles
  /** Every write that was carried out, such as `change ann {"enabled":false}`. */
  writes: string[]
  person(id: string): UserDetail
  rolesOf(id: string): string[]
  groupsOf(id: string): string[]
  /** Keys of all that somebody holds. */
  heldBy(id: string): Set<string>
  /** The write of this name fails from now on; with `after` only once it has been carried out. */
  fail(write: string, options?: { after?: boolean; times?: number }): void
}

const clientOf = (key: string) => (key.startsWith('client:') ? (key.split(':')[1] ?? '') : null)

export function personNamed(id: string, changes: Partial<UserDetail> = {}): UserDetail {
  return {
    ...{ id, username: id, email: `${id}@shop.test`, emailVerified: true, firstName: id, lastName: 'Test' },
    ...{ enabled: true, createdAt: '2030-01-01T00:00:00.000Z', attributes: {}, requiredActions: [] },
    ...changes,
  }
}

export function fakeRealm({ roles, groups = {}, people = {}, defaults = [] }: RealmPlan): FakeRealm {
  const accounts = new Map<string, UserDetail>()
  const given = new Map<string, Set<string>>()
  const memberships = new Map<string, Set<string>>()
  for (const [id, { roles: own = [], groups: ids = [], enabled = true }] of Object.entries(people)) {
    accounts.set(id, personNamed(id, { enabled }))
    given.set(id, new Set(own))
    memberships.set(id, new Set(ids))
  }
  const writes: string[] = []
  const failures = new Map<string, { after: boolean; times: number }>()

  const view = (key: string): RoleView => ({
    ...{ id: `id of ${key}`, key, name: key.split(':').at(-1) ?? '', description: null },
    ...{ composite: (roles[key]?.length ?? 0) > 0, clientUuid: clientOf(key) },
  })
  function expand(keys: Iterable<string>): string[] {
    const all = new Set<string>()
    const open = [...keys]
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (all.has(key) || !Object.hasOwn(roles, key)) continue
      all.add(key)
      open.push(...(roles[key] ?? []))
    }
    return [...all]
  }
  const rolesOfGroup = (id: string | undefined): string[] => {
    const group = id === undefined ? undefined : groups[id]
    return group === undefined ? [] : [...group.roles, ...rolesOfGroup(group.above)]
  }
  const held = (id: string) =>
    expand([...(given.get(id) ?? []), ...[...(memberships.get(id) ?? [])].flatMap(rolesOfGroup)])
  function person(id: string): UserDetail {
    const found = accounts.get(id)
    if (found === undefined) throw new GatewayError('USER_NOT_FOUND')
    return found
  }

  async function write(name: string, what: string, change: () => void): Promise<void> {
    const failure = failures.get(name)
    const fails = failure !== undefined && failure.times-- > 0
    if (fails && !failure.after) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail')
    change()
    writes.push(`${name} ${what}`)
    if (fails) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail after it was done')
  }
  const set = (id: string, changes: UserChanges) =>
    accounts.set(id, { ...person(id), ...(changes as Partial<UserDetail>) })
  const groupThere = (id: string) => {
    if (!Object.hasOwn(groups, id)) throw new GatewayError('GROUP_NOT_FOUND')
  }
  const keys = (views: readonly RoleView[]) => views.map(({ key }) => key)
  const isClientPart = (views: readonly RoleView[]) => (views[0]?.clientUuid ?? null) !== null

  const users: KeycloakUsers = {
    read: async (id) => person(id),
    rules: async () => ({
      attributes: ['department'],
      requiredActions: ['UPDATE_PASSWORD', 'VERIFY_EMAIL'],
      passwordPolicy: 'length(10)',
    }),
    async create({ password: _, ...fields }) {
      const id = `made-${accounts.size}`
      await write('create', fields.username, () => {
        accounts.set(id, personNamed(id, { ...fields, username: fields.username.toLowerCase() }))
        given.set(id, new Set(defaults))
        memberships.set(id, new Set())
      })
      return id
    },
    change: (before, changes) =>
      write('change', `${before.id} ${JSON.stringify(changes)}`, () => set(before.id, changes)),
    remove: (id) => write('remove', id, () => void accounts.delete(id)),
    setPassword: (id, { temporary }) =>
      write('setPassword', `${id} ${temporary ? 'temporary' : 'to stay'}`, () => person(id)),
    lock: async () => ({ locked: true, until: null, failures: 5, lastFailureAt: null, lastFailureFrom: null }),
    unlock: (id) => write('unlock', id, () => undefined),
    credentials: async (id) => [
      { id: `${id}-password`, type: 'password', label: null, createdAt: '2026-01-31T09:30:00.000Z' },
    ],
    groupIds: async (id) => [...(memberships.get(id) ?? [])],
    async groupPath(groupId) {
      groupThere(groupId)
      return `/${groupId}`
    },
    async join(id, groupId) {
      groupThere(groupId)
      await write('join', `${id} ${groupId}`, () => void memberships.get(id)?.add(groupId))
    },
    async leave(id, groupId) {
      groupThere(groupId)
      await write('leave', `${id} ${groupId}`, () => void memberships.get(id)?.delete(groupId))
    },
  }

  const forDecision: RolesForDecision = {
    effective: async (id) => held(person(id).id).map(view),
    expanded: async (views) => expand(keys(views)).map(view),
    isHeldByAnother: async (role, id) =>
      [...accounts.values()].some(
        (one) =>
          one.id !== id && one.enabled && !one.username.startsWith('service-account-') && held(one.id).includes(role),
      ),
  }

  return {
    users,
    roles: {
      ...forDecision,
      forDecision: () => forDecision,
      direct: async (id) => [...(given.get(person(id).id) ?? [])].map(view),
      find: async (key) => (Object.hasOwn(roles, key) ? view(key) : undefined),
      async ofGroup(id) {
        groupThere(id)
        return expand(rolesOfGroup(id)).map(view)
      },
      ofNewUsers: async () => expand(defaults).map(view),
      async isStillHeld(role, { isCutOff = () => false, givesNoMore = () => false }) {
        const through = (group: string): string[] => {
          const own = (groups[group]?.roles ?? []).filter((key) => !givesNoMore(group, key.split(':').at(-1) ?? ''))
          const above = isCutOff(group) ? undefined : groups[group]?.above
          return above === undefined ? own : [...own, ...through(above)]
        }
        return [...accounts.values()].some(({ id, username, enabled }) => {
          const all = [...(given.get(id) ?? []), ...[...(memberships.get(id) ?? [])].flatMap(through)]
          return enabled && !username.startsWith('service-account-') && expand(all).includes(role)
        })
      },
      assign: (id, views) =>
        write(isClientPart(views) ? 'assign client roles' : 'assign', `${id} ${keys(views)}`, () => {
          for (const key of keys(views)) given.get(id)?.add(key)
        }),
      withdraw: (id, views) =>
        write(isClientPart(views) ? 'withdraw client roles' : 'withdraw', `${id} ${keys(views)}`, () => {
          for (const key of keys(views)) given.get(id)?.delete(key)
        }),
    },
    writes,
    person,
    rolesOf: (id) => [...(given.get(id) ?? [])].sort(),
    groupsOf: (id) => [...(memberships.get(id) ?? [])].sort(),
    heldBy: (id) => new Set(held(id)),
    fail: (name, { after = false, times = Number.POSITIVE_INFINITY } = {}) => void failures.set(name, { after, times }),
  }
}
