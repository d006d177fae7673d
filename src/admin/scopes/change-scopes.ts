import { randomUUID } from 'node:crypto'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Scope, ScopeFields } from '../../platform/keycloak/scopes/keycloak-scopes.ts'
import type { Administrator } from '../administrator.ts'
import { allOrNothing, type Step } from '../all-or-nothing.ts'
import { keysOf } from '../roles-of-keys.ts'
import { carefulSteps } from './careful-steps.ts'
import { findRoles } from './find-roles.ts'
import type { ScopeDesk } from './scope-desk.ts'
import { stepsBetween } from './steps-between.ts'
import { refuseStaleRoles, refuseStaleScope } from './version-of-scope.ts'

export interface ChangeScopes {
  /** @param roles keys of the roles that are mapped to it from the beginning @throws GatewayError SCOPE_EXISTS */
  create(by: Administrator, fields: ScopeFields, roles: readonly string[]): Promise<Scope>
  /**
   * @param version as the administrator has read it; undefined for whatever is there
   * @throws GatewayError SCOPE_EXISTS, and SCOPE_IN_USE for another name of one that clients have
   */
  change(by: Administrator, id: string, changes: ScopeChanges, version: string | undefined): Promise<Scope>
  /** Exactly these roles. */
  setRoles(by: Administrator, id: string, keys: readonly string[], version: string): Promise<RoleView[]>
  /** @throws GatewayError SCOPE_IN_USE */
  remove(by: Administrator, id: string, version: string | undefined): Promise<void>
}

export type ScopeChanges = { [Name in keyof ScopeFields]?: ScopeFields[Name] | undefined }

export function createChangeScopes(desk: ScopeDesk): ChangeScopes {
  const { scopes, log } = desk

  /** As it is now; as it should be, where Keycloak has gone away right after the write. */
  const readAgain = (expected: Scope) => scopes.read(expected.id).catch(() => expected)

  async function make(fields: ScopeFields, roles: readonly RoleView[]): Promise<string> {
    const mark = randomUUID()
    let id = ''
    const making: Step = {
      what: 'to make the scope',
      do: async () => {
        id = await scopes.create(fields, mark)
      },
      undo: () => scopes.discard(mark),
    }
    await allOrNothing(carefulSteps([making]), log)
    // With the scope its roles are gone too.
    const mapping = stepsBetween(desk, id, [], roles).map((step) => ({ ...step, undo: async () => undefined }))
    await allOrNothing([{ ...making, do: async () => undefined }, ...mapping], log)
    return id
  }

  return {
    async create(by, fields, keys) {
      const roles = await findRoles(desk, keys)
      const id = await desk.write(by, {
        ...{ id: null, names: [fields.name], roles },
        action: 'scope.create',
        after: { ...fields, roles: keysOf(roles) },
        change: () => make(fields, roles),
        describe: (made) => ({ target: { kind: 'scope', id: made } }),
      })
      return readAgain({ id, ...fields })
    },
    change: (by, id, wanted, version) =>
      desk.withScope(id, async (scope, roles) => {
        refuseStaleScope(scope, version)
        const changes = whatChanges(scope, wanted)
        const { name } = changes
        if (name !== undefined) await desk.refuseInUse(scope)
        await desk.write(by, {
          ...{ id, roles, names: [scope.name, ...(name === undefined ? [] : [name])] },
          action: 'scope.update',
          ...{ before: { name: scope.name, ...pick(scope, Object.keys(changes)) }, after: changes },
          change: async () => (Object.keys(changes).length > 0 ? scopes.change(scope, changes) : undefined),
        })
        return readAgain({ ...scope, ...changes })
      }),
    setRoles: (by, id, keys, version) =>
      desk.withScope(id, async (scope, before) => {
        refuseStaleRoles(before, version)
        const added = await findRoles(
          desk,
          keys.filter((key) => !before.some((role) => role.key === key)),
        )
        const after = [...before.filter(({ key }) => keys.includes(key)), ...added]
        await desk.write(by, {
          ...{ id, names: [scope.name], roles: [...before, ...added] },
          action: 'scope.update',
          ...{ before: { name: scope.name, roles: keysOf(before) }, after: { roles: keysOf(after) } },
          change: () => allOrNothing(carefulSteps(stepsBetween(desk, id, before, after)), log),
        })
        return scopes.rolesOf(id).catch(() => after)
      }),
    remove: (by, id, version) =>
      desk.withScope(id, async (scope, roles) => {
        refuseStaleScope(scope, version)
        await desk.refuseInUse(scope)
        const { id: _, ...fields } = scope
        await desk.write(by, {
          ...{ id, roles, names: [scope.name] },
          action: 'scope.delete',
          before: { ...fields, roles: keysOf(roles) },
          change: () => scopes.remove(id),
        })
      }),
  }
}

/** Only what differs. */
function whatChanges(scope: Scope, wanted: ScopeChanges): Partial<ScopeFields> {
  const entries = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && value !== scope[name as keyof ScopeFields],
  )
  return Object.fromEntries(entries)
}

const pick = (scope: Scope, names: readonly string[]) =>
  Object.fromEntries(Object.entries(scope).filter(([name]) => names.includes(name)))
