import type { Act } from '../../access/authorize.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { KeycloakRoles, RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { KeycloakScopes, Scope, ScopeUse } from '../../platform/keycloak/scopes/keycloak-scopes.ts'
import type { Administrator } from '../administrator.ts'
import { createRecordWrite, type RecordWriteParts, type Write } from '../record-write.ts'
import { isBuiltInScope } from './built-in-scope.ts'
import { permissionsBehind } from './permissions-behind.ts'

export interface ScopeDeskParts extends RecordWriteParts {
  scopes: KeycloakScopes
  roles: Pick<KeycloakRoles, 'find' | 'expanded'>
  /** Names of the scopes that service clients may have (`SERVICE_CLIENT_SCOPES`). */
  handedOut: readonly string[]
}

/** A write of one scope, or of one that is being created (`id` null). */
export type ScopeWrite<T> = Omit<Write<T>, 'target' | 'act'> & {
  id: string | null
  /** Its name, and the one it is to have. */
  names: readonly string[]
  /** The roles it stands for, before and after. */
  roles: readonly RoleView[]
}

/** How every administrative write of scopes is done: one at a time for each, allowed, recorded, then carried out. */
export interface ScopeDesk extends ScopeDeskParts {
  /**
   * With the scope and its roles as they are at the beginning of the turn.
   * @throws GatewayError SCOPE_NOT_FOUND, SCOPE_PROTECTED, CHANGE_IN_PROGRESS
   */
  withScope<T>(id: string, work: (scope: Scope, roles: RoleView[]) => Promise<T>): Promise<T>
  /**
   * Whoever writes a scope must be allowed to give each of its roles, also when they take one away: without roles a scope
   * is for everybody who uses its clients, and with another role for other people.
   */
  write<T>(by: Administrator, write: ScopeWrite<T>): Promise<T>
  /** @throws GatewayError SCOPE_IN_USE telling where */
  refuseInUse(scope: Scope): Promise<void>
}

/** More are only counted. */
const SHOWN_CLIENTS = 50

export function createScopeDesk(parts: ScopeDeskParts): ScopeDesk {
  const { scopes, handedOut, inTurn } = parts
  const record = createRecordWrite(parts)

  function actOn({ names, roles }: Pick<ScopeWrite<unknown>, 'names' | 'roles'>): Act {
    const also = [...new Set(names.flatMap((name) => permissionsBehind(name, handedOut)))]
    return { permission: 'scopes.write', also, grants: [...new Map(roles.map((role) => [role.id, role])).values()] }
  }

  return {
    ...parts,
    withScope: (id, work) =>
      inTurn(`scope ${id}`, async () => {
        const scope = await scopes.read(id)
        if (isBuiltInScope(scope.name)) throw new GatewayError('SCOPE_PROTECTED')
        return work(scope, await scopes.rolesOf(id))
      }),
    write: (by, { id, names, roles, ...what }) =>
      record(by, { ...what, act: actOn({ names, roles }), target: { kind: 'scope', id } }),
    async refuseInUse(scope) {
      const use = await scopes.useOf(scope)
      if (use.clients.length > 0 || use.ofNewClients !== null)
        throw new GatewayError('SCOPE_IN_USE', { details: { usedBy: shown(use) } })
    },
  }
}

function shown({ clients, ofNewClients }: ScopeUse) {
  return {
    clients: clients.slice(0, SHOWN_CLIENTS).map(({ clientId }) => clientId),
    total: clients.length,
    ofNewClients,
  }
}
