import { GatewayError, unavailable } from '../../../src/platform/errors/gateway-error.ts'
import type { KeycloakRoles, RoleView } from '../../../src/platform/keycloak/roles/keycloak-roles.ts'
import type {
  KeycloakScopes,
  Scope,
  ScopeFields,
  ScopeUse,
} from '../../../src/platform/keycloak/scopes/keycloak-scopes.ts'

/** How a write fails: before it was done, with an answer that says no, or after it was done, the answer being lost. */
export type Failure = 'before' | 'refused' | 'after'

export interface ScopePlan {
  [name: string]: { fields?: Partial<ScopeFields>; roles?: readonly string[]; usedBy?: ScopeUse }
}

const UNUSED: ScopeUse = { clients: [], ofNewClients: null }

export function fieldsNamed(name: string, changes: Partial<ScopeFields> = {}): ScopeFields {
  return {
    ...{ name, description: null, resource: null, consentText: null },
    ...{ includeInTokenScope: true, showOnConsentScreen: true },
    ...changes,
  }
}

/** The id of a scope that was there from the beginning. */
export const idOf = (name: string) => `id-of-${name.replace(/\W/g, '-')}`

/** Client scopes in memory; notes every write that was carried out, and fails where it is told. */
export function fakeScopes(plan: ScopePlan, roles: Pick<KeycloakRoles, 'find'>) {
  type Stored = ScopeFields & { roles: Set<string>; usedBy: ScopeUse; mark?: string }
  const stored = new Map<string, Stored>()
  for (const [name, { fields, roles: keys = [], usedBy = UNUSED }] of Object.entries(plan))
    stored.set(idOf(name), { ...fieldsNamed(name, fields), roles: new Set(keys), usedBy })
  const writes: string[] = []
  const fails: { write: string; how: Failure; left: number }[] = []
  let lookedAfterWrite: (() => void) | undefined

  const get = (id: string): Stored => {
    const found = stored.get(id)
    if (found === undefined) throw new GatewayError('SCOPE_NOT_FOUND')
    return found
  }
  const shown = (id: string): Scope => {
    const { roles: _roles, usedBy: _use, mark: _mark, ...fields } = get(id)
    return { id, ...fields }
  }
  const refuseTaken = (name: string, except?: string) => {
    if ([...stored].some(([id, one]) => one.name === name && id !== except)) throw new GatewayError('SCOPE_EXISTS')
  }

  async function write<T>(name: string, what: string, change: () => T): Promise<T> {
    const plan = fails.find((one) => `${name} ${what}`.startsWith(one.write) && one.left > 0)
    if (plan !== undefined) plan.left -= 1
    if (plan?.how === 'before') throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to fail')
    if (plan?.how === 'refused') throw new GatewayError('KEYCLOAK_REFUSED', { reason: 'told to refuse' })
    const result = change()
    writes.push(`${name} ${what}`)
    lookedAfterWrite?.()
    if (plan !== undefined) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to lose the answer')
    return result
  }
  const kind = (views: readonly RoleView[]) => (views[0]?.clientUuid == null ? 'realm' : 'client')
  const keys = (views: readonly RoleView[]) => views.map(({ key }) => key).join()

  const port: KeycloakScopes = {
    list: async () => [...stored.keys()].map(shown).sort((a, b) => (a.name < b.name ? -1 : 1)),
    read: async (id) => shown(id),
    async rolesOf(id) {
      const found = await Promise.all([...get(id).roles].sort().map(roles.find))
      return found.filter((role) => role !== undefined)
    },
    useOf: async ({ id }) => get(id).usedBy,
    create: (fields, mark) =>
      write('create', fields.name, () => {
        refuseTaken(fields.name)
        const id = `made-${writes.length}`
        stored.set(id, { ...fields, roles: new Set(), usedBy: UNUSED, mark })
        return id
      }),
    discard: (mark) =>
      write('discard', 'what was made', () => {
        for (const [id, one] of stored) if (one.mark === mark) stored.delete(id)
      }),
    change: ({ id }, changes) =>
      write('change', JSON.stringify(changes), () => {
        refuseTaken(changes.name ?? '', id)
        stored.set(id, { ...get(id), ...changes })
      }),
    remove: (id) => write('remove', get(id).name, () => void stored.delete(id)),
    mapRoles: (id, views) =>
      write('map', `${kind(views)} ${keys(views)}`, () => {
        for (const { key } of views) get(id).roles.add(key)
      }),
    unmapRoles: (id, views) =>
      write('unmap', `${kind(views)} ${keys(views)}`, () => {
        for (const { key } of views) get(id).roles.delete(key)
      }),
  }
  return {
    port,
    writes,
    names: () => [...stored.values()].map(({ name }) => name).sort(),
    rolesOf: (id: string) => [...get(id).roles].sort(),
    fieldsOf: shown,
    /** Somebody else does it at Keycloak. */
    setBehind: (id: string, changes: Partial<Stored>) => void stored.set(id, { ...get(id), ...changes }),
    /** Writes that begin so fail, so many times. */
    fail: (what: string, how: Failure, times = Number.POSITIVE_INFINITY) =>
      void fails.push({ write: what, how, left: times }),
    afterEachWrite: (look: () => void) => {
      lookedAfterWrite = look
    },
  }
}
