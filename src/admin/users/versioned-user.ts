import type { UserDetail } from '../../platform/keycloak/people/keycloak-admin.ts'
import { versionOf } from '../../platform/keycloak/people/resource-version.ts'
import { refuseStale } from '../refuse-stale.ts'

/** A user with the version of everything that administrators change. */
export type VersionedUser = UserDetail & { version: string }

/** What a version covers; always in this order. */
function covered({
  username,
  email,
  firstName,
  lastName,
  enabled,
  emailVerified,
  attributes,
  requiredActions,
}: UserDetail) {
  return { username, email, firstName, lastName, enabled, emailVerified, attributes, requiredActions }
}

export function withVersion(user: UserDetail): VersionedUser {
  return { ...user, version: versionOf(covered(user)) }
}

/** @throws GatewayError VERSION_CONFLICT telling what has changed since, and to what */
export function refuseStaleUser(user: UserDetail, version: string | undefined): void {
  refuseStale(covered(user), version)
}
