import { unavailable } from '../../src/platform/errors/gateway-error.ts'
import type {
  KeycloakServiceClients,
  MappedRole,
  NewServiceClient,
  ServiceClient,
} from '../../src/platform/keycloak/clients/keycloak-service-clients.ts'

type Stored = ServiceClient & { account: string; secret: string }
type Call = keyof KeycloakServiceClients

/** When a call fails: before anything was done, or after it was done and only the answer was lost. */
export type Failure = 'before' | 'after'

const ORDERS = { id: 'id-of-orders-api', clientId: 'orders-api' }
const role = (name: string, owner: MappedRole['owner'] = ORDERS, composite = false): MappedRole => ({
  ...{ id: `role-${owner?.clientId ?? ''}-${name}`, name, composite, owner },
})

export const SCOPES: Record<string, MappedRole[]> = {
  read: [role('reader')],
  write: [role('reader'), role('writer')],
  staff: [role('staff', null)],
  plain: [],
  'admin:users.write': [],
  ruler: [role('manage-users', { id: 'id-of-rm', clientId: 'realm-management' })],
  bundle: [role('bundle', null, true)],
}

/** Keycloak's service clients in memory; any call can be made to fail. */
export function fakeKeycloak(now: () => number) {
  const clients = new Map<string, Stored>()
  const roles = new Map<string, Set<string>>()
  const asked: string[] = []
  let plan: ((call: Call, nth: number) => Failure | undefined) | undefined
  let calls = 0
  let made = 0

  const get = (id: string): Stored => {
    const client = clients.get(id)
    if (client === undefined) throw unavailable('KEYCLOAK_UNAVAILABLE', 'no such client')
    return client
  }
  const shown = ({ account: _account, secret: _secret, ...client }: Stored): ServiceClient => client
  const put = (id: string, changes: Partial<Stored>) => void clients.set(id, { ...get(id), ...changes })
  const scopeName = (scopeId: string) => scopeId.replace(/^scope-/, '')

  const real: KeycloakServiceClients = {
    list: async (prefix) => [...clients.values()].filter((one) => one.clientId.startsWith(prefix)).map(shown),
    read: async (id) => (clients.has(id) ? shown(get(id)) : undefined),
    async find(clientId) {
      const found = [...clients.values()].find((one) => one.clientId === clientId)
      return found === undefined ? undefined : shown(found)
    },
    async create(client: NewServiceClient) {
      if ([...clients.values()].some(({ clientId }) => clientId === client.clientId)) return undefined
      const id = `id-${++made}`
      const { keys, scopes, ...rest } = client
      const authentication = keys === undefined ? 'client_secret' : 'private_key_jwt'
      const fresh = { enabled: false, altered: false, formerSecretUntil: null, account: `account-${made}` }
      clients.set(id, { ...rest, ...fresh, id, authentication, scopes: scopes.toSorted(), secret: `secret-${made}` })
      roles.set(`account-${made}`, new Set())
      return id
    },
    async update(id, changes) {
      if (!clients.has(id)) return undefined
      put(id, Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)))
      return now()
    },
    async remove(id) {
      roles.delete(clients.get(id)?.account ?? '')
      clients.delete(id)
    },
    scopeIds: async () => new Map(Object.keys(SCOPES).map((name) => [name, `scope-${name}`])),
    rolesOfScope: async (scopeId) => SCOPES[scopeName(scopeId)] ?? [],
    addScope: async (id, scopeId) =>
      put(id, { scopes: [...new Set([...get(id).scopes, scopeName(scopeId)])].toSorted() }),
    async removeScope(id, scopeId) {
      put(id, { scopes: get(id).scopes.filter((name) => name !== scopeName(scopeId)) })
      return now()
    },
    accountOf: async (id) => get(id).account,
    ownScopeRoles: async () => [],
    async giveRoles(account, given) {
      for (const { id } of given) roles.get(account)?.add(id)
    },
    async takeRoles(account, taken) {
      for (const { id } of taken) roles.get(account)?.delete(id)
    },
    secretOf: async (id) => get(id).secret,
    async rotateSecret(id) {
      put(id, { secret: `${get(id).secret}-again` })
      return get(id).secret
    },
  }

  async function through<T>(name: Call, work: () => Promise<T>): Promise<T> {
    asked.push(name)
    const failure = plan?.(name, calls++)
    if (failure === 'before') throw unavailable('KEYCLOAK_UNAVAILABLE', `scripted: ${name}`)
    const answer = await work()
    if (failure === 'after') throw unavailable('KEYCLOAK_UNAVAILABLE', `scripted, after: ${name}`)
    return answer
  }

  const keycloak = Object.fromEntries(
    (Object.keys(real) as Call[]).map((name) => [
      name,
      (...given: never[]) => through(name, () => (real[name] as (...all: never[]) => Promise<unknown>)(...given)),
    ]),
  ) as unknown as KeycloakServiceClients

  return {
    keycloak,
    asked,
    put,
    /** Everything there is, for comparing. */
    state: () =>
      JSON.stringify([[...clients.values()], [...roles].map(([account, held]) => [account, [...held].sort()])]),
    clients: () => [...clients.values()],
    rolesOf: (account: string) => [...(roles.get(account) ?? [])].sort(),
    /** From now on calls fail as told. */
    fail(when: (call: Call, nth: number) => Failure | undefined) {
      calls = 0
      plan = when
    },
    heal() {
      plan = undefined
    },
  }
}
