import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Step } from '../all-or-nothing.ts'
import type { ScopeDesk } from './scope-desk.ts'

/**
 * What leads from some roles of a scope to others: roles of the realm and of each client go by calls of their own. New ones
 * come before old ones go, because a scope without roles, even for a moment, is for everybody.
 */
export function stepsBetween(
  { scopes }: Pick<ScopeDesk, 'scopes'>,
  id: string,
  before: readonly RoleView[],
  after: readonly RoleView[],
): Step[] {
  const lacking = (views: readonly RoleView[], known: readonly RoleView[]) =>
    byOwner(views.filter((role) => !known.some((one) => one.id === role.id)))
  const mapping = lacking(after, before).map((part) => ({
    what: 'to map roles to the scope',
    do: () => scopes.mapRoles(id, part),
    undo: () => scopes.unmapRoles(id, part),
  }))
  const unmapping = lacking(before, after).map((part) => ({
    what: 'to take roles from the scope',
    do: () => scopes.unmapRoles(id, part),
    undo: () => scopes.mapRoles(id, part),
  }))
  return [...mapping, ...unmapping]
}

/** Those of the realm first: it takes a right of its own to map them, and a refusal comes before anything is done. */
function byOwner(views: readonly RoleView[]): RoleView[][] {
  const owners = [...new Set(views.map(({ clientUuid }) => clientUuid))].sort((a, b) =>
    (a ?? '').localeCompare(b ?? ''),
  )
  return owners.map((owner) => views.filter(({ clientUuid }) => clientUuid === owner))
}
