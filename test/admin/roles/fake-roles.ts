import { GatewayError, unavailable } from '../../../src/platform/errors/gateway-error.ts'
import type { KeycloakRoleCatalogue, RoleDetail } from '../../../src/platform/keycloak/roles/keycloak-role-catalogue.ts'
import type {
  GroupsToCome,
  KeycloakRoles,
  RolesForDecision,
  RoleView,
} from '../../../src/platform/keycloak/roles/keycloak-roles.ts'
import { personNamed } from '../fake-realm.ts'

/** Roles by key with the keys of what is in them; people with what they were given. */
export interface RolesPlan {
  roles: Record<string, readonly string[]>
  people: Record<string, readonly string[]>
  /** Scopes, by name, that stand for a role. */
  scopes?: Record<string, string>
}

interface Kept {
  id: string
  key: string
  description: string | null
  attributes: Record<string, string[]>
  inside: Set<string>
}

const clientOf = (key: string) => (key.startsWith('client:') ? (key.split(':')[1] ?? '') : null)
const nameOf = (key: string) => key.replace(/^realm:|^client:[^:]+:/, '')

/** Roles in memory behind the ports of administration; notes every write, and fails where it is told. */
export function fakeRoles({ roles: plan, people, scopes = {} }: RolesPlan) {
  const all = new Map<string, Kept>()
  const ids = new Map<string, string>()
  let made = 0
  const idFor = (key: string) => ids.get(key) ?? `role-${ids.set(key, `role-${ids.size}`).size - 1}`
  for (const key of Object.keys(plan))
    all.set(idFor(key), { id: idFor(key), key, description: null, attributes: {}, inside: new Set() })
  const byKey = (key: string) => [...all.values()].find((one) => one.key === key)
  for (const [key, inside] of Object.entries(plan))
    for (const inner of inside) byKey(key)?.inside.add(byKey(inner)?.id ?? '')
  const given = new Map(
    Object.entries(people).map(([id, keys]) => [id, new Set(keys.flatMap((key) => byKey(key)?.id ?? []))]),
  )
  const writes: string[] = []
  const failures = new Map<string, { after: boolean }>()

  const view = ({ id, key, description, inside }: Kept): RoleView => ({
    ...{ id, key, name: nameOf(key), description, composite: inside.size > 0, clientUuid: clientOf(key) },
  })
  function kept(id: string): Kept {
    const found = all.get(id)
    if (found === undefined) throw new GatewayError('ROLE_NOT_FOUND')
    return found
  }
  function expand(start: Iterable<string>, toCome: GroupsToCome = {}): Set<string> {
    const seen = new Set<string>()
    const open = [...start]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const role = all.get(id)
      if (role === undefined || seen.has(id)) continue
      seen.add(id)
      open.push(...[...role.inside].filter((part) => toCome.containsNoMore?.(role.id, part) !== true))
    }
    return seen
  }
  const viewsOf = (set: Iterable<string>) => [...set].map((id) => view(kept(id)))
  const heldBy = (id: string, toCome: GroupsToCome = {}) =>
    new Set(viewsOf(expand(given.get(id) ?? [], toCome)).map(({ key }) => key))

  async function write(name: string, what: string, change: () => void): Promise<void> {
    const failure = failures.get(name)
    if (failure !== undefined && !failure.after) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail')
    change()
    writes.push(`${name} ${what}`)
    if (failure !== undefined) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail after it was done')
  }
  const keys = (views: readonly RoleView[]) => views.map(({ key }) => key).join(' ')
  const state = { writesRealm: true, writesClients: true }

  const catalogue: KeycloakRoleCatalogue = {
    async page(owner, { search = '', first, max }) {
      const found = [...all.values()]
        .filter(({ key }) => clientOf(key) === owner && nameOf(key).includes(search))
        .map(view)
      return { roles: found.slice(first, first + max), hasMore: found.length > first + max }
    },
    async owner(clientId) {
      if ([...all.values()].some(({ key }) => clientOf(key) === clientId)) return clientId
      throw new GatewayError('INVALID_REQUEST', { details: { fields: [{ field: 'client', problem: 'is no client' }] } })
    },
    async read(id): Promise<RoleDetail> {
      const role = kept(id)
      return {
        ...{ ...view(role), client: clientOf(role.key), attributes: role.attributes },
        composites: viewsOf(role.inside).sort((a, b) => (a.key < b.key ? -1 : 1)),
      }
    },
    composites: async (id) => viewsOf(kept(id).inside),
    async holders({ id }, { first, max }) {
      const found = [...given].filter(([, own]) => own.has(id)).map(([name]) => personNamed(name))
      return { users: found.slice(first, first + max), hasMore: found.length > first + max }
    },
    usage: async ({ id, key }) => ({
      users: [...given.values()].filter((own) => own.has(id)).length,
      ...{ moreUsers: false, groups: [], clients: [] },
      roles: [...all.values()].filter(({ inside }) => inside.has(id)).map((one) => one.key),
      clientScopes: Object.entries(scopes).flatMap(([name, stands]) => (stands === key ? [name] : [])),
    }),
    makeSureItWrites(owner) {
      if (owner === null ? state.writesRealm : state.writesClients) return
      throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'not set' })
    },
    async create(owner, { name, description, attributes }) {
      const key = owner === null ? `realm:${name}` : `client:${owner}:${name}`
      if (byKey(key) !== undefined) throw new GatewayError('ROLE_EXISTS')
      const id = `made-${++made}`
      await write('create', key, () => all.set(id, { id, key, description, attributes, inside: new Set() }))
    },
    async change({ id, clientUuid }, { name, description, attributes }) {
      const key = clientUuid === null ? `realm:${name}` : `client:${clientUuid}:${name}`
      const other = byKey(key)
      if (other !== undefined && other.id !== id) throw new GatewayError('ROLE_EXISTS')
      await write('change', key, () => Object.assign(kept(id), { key, description, attributes }))
    },
    remove: ({ id, key }) =>
      write('remove', key, () => {
        all.delete(id)
        for (const own of given.values()) own.delete(id)
        for (const { inside } of all.values()) inside.delete(id)
      }),
    add: (role, parts) =>
      write('add', `${role.key} ${keys(parts)}`, () => {
        for (const part of parts) kept(role.id).inside.add(part.id)
      }),
    take: (role, parts) =>
      write('take', `${role.key} ${keys(parts)}`, () => {
        for (const part of parts) kept(role.id).inside.delete(part.id)
      }),
  }
  const roles: Pick<KeycloakRoles, 'find' | 'isStillHeld' | 'forDecision' | keyof RolesForDecision> = {
    forDecision: () => roles,
    async find(key) {
      const found = byKey(key)
      return found === undefined ? undefined : view(found)
    },
    // A role that is only to be is not there yet: it stands for itself.
    expanded: async (views) => {
      const inside = viewsOf(expand(views.map(({ id }) => id)))
      return [...views, ...inside.filter(({ id }) => !views.some((one) => one.id === id))]
    },
    effective: async (id) => viewsOf(expand(given.get(id) ?? [])),
    isHeldByAnother: async (key, id) => [...given.keys()].some((one) => one !== id && heldBy(one).has(key)),
    isStillHeld: async (key, toCome) => [...given.keys()].some((one) => heldBy(one, toCome).has(key)),
  }

  return {
    ...{ catalogue, roles, writes, state, heldBy },
    users: { read: async (id: string) => personNamed(id) },
    idOf: (key: string) => byKey(key)?.id ?? '',
    keys: () => [...all.values()].map(({ key }) => key).sort(),
    inside: (key: string) =>
      viewsOf(byKey(key)?.inside ?? [])
        .map((one) => one.key)
        .sort(),
    /** The write of this name fails from now on; with `after` only once it has been carried out. */
    fail: (name: string, { after = false } = {}) => void failures.set(name, { after }),
    mend: () => failures.clear(),
  }
}
