import type { Cache } from '../../platform/cache/cache.ts'
import type { KeycloakAdmin, UserDetail, UserList, UserQuery } from '../../platform/keycloak/people/keycloak-admin.ts'
import { type MaybeStale, readOrLastKnown } from '../answer-maybe-stale.ts'
import type { RolesOfUser } from './assign-to-users.ts'

/** Reads of users for showing them, never for deciding; as last known, with their age, while Keycloak is away. */
export interface ReadUsers {
  /** Always anew, so that what was written a moment ago is there, whoever wrote it. */
  find(query: UserQuery): Promise<MaybeStale<UserList>>
  /** From the cache where it is fresh. @throws GatewayError USER_NOT_FOUND */
  one(id: string): Promise<MaybeStale<UserDetail>>
  /** From the cache where it is fresh. @throws GatewayError USER_NOT_FOUND */
  roles(id: string): Promise<MaybeStale<RolesOfUser>>
}

/** @param isAway whether Keycloak's breaker is open */
export function createReadUsers(
  keycloak: Pick<KeycloakAdmin, 'findUsers' | 'user' | 'lastKnown'>,
  rolesOf: (id: string) => Promise<RolesOfUser>,
  roles: Cache<RolesOfUser>,
  isAway: () => boolean,
): ReadUsers {
  const { lastKnown } = keycloak
  return {
    find: (query) =>
      readOrLastKnown(
        () => keycloak.findUsers(query),
        () => lastKnown.users(query),
        isAway,
      ),
    one: (id) =>
      readOrLastKnown(
        () => keycloak.user(id),
        () => lastKnown.user(id),
        isAway,
      ),
    roles: (id) =>
      readOrLastKnown(
        () => roles.getOrLoad(id, () => rolesOf(id)),
        () => roles.peek(id),
        isAway,
      ),
  }
}
