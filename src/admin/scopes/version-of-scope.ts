import { versionOf } from '../../platform/keycloak/people/resource-version.ts'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Scope } from '../../platform/keycloak/scopes/keycloak-scopes.ts'
import { refuseStale } from '../refuse-stale.ts'

type Covered = Readonly<Record<string, unknown>>

/** What the version of a scope covers; always in this order. Its roles have a version of their own. */
const ofScope = ({ id: _, ...fields }: Scope): Covered => ({
  name: fields.name,
  description: fields.description,
  resource: fields.resource,
  includeInTokenScope: fields.includeInTokenScope,
  showOnConsentScreen: fields.showOnConsentScreen,
  consentText: fields.consentText,
})
const ofRoles = (roles: readonly RoleView[]): Covered => ({ roles: roles.map(({ key }) => key).sort() })

export const versionOfScope = (scope: Scope): string => versionOf(ofScope(scope))
export const versionOfRoles = (roles: readonly RoleView[]): string => versionOf(ofRoles(roles))

/** @throws GatewayError VERSION_CONFLICT telling what has changed since, and to what */
export function refuseStaleScope(scope: Scope, version: string | undefined): void {
  refuseStale(ofScope(scope), version)
}

/** @throws GatewayError VERSION_CONFLICT with the roles as they are now */
export function refuseStaleRoles(roles: readonly RoleView[], version: string): void {
  refuseStale(ofRoles(roles), version)
}
