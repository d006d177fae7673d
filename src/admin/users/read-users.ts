import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { KeycloakAdmin, Page, UserDetail, UserFilter, UserView } from '../../platform/keycloak/keycloak-admin.ts'

/** What was read, and how old it is when it could not be read anew. */
export interface MaybeStale<T> {
  value: T
  ageMs?: number | undefined
}

export interface ReadUsers {
  find(query: Page & UserFilter): Promise<{ users: UserView[]; total: number }>
  /** From the cache where it is fresh; as last known, with its age, while Keycloak is away. @throws GatewayError USER_NOT_FOUND */
  one(id: string): Promise<MaybeStale<UserDetail>>
}

export function createReadUsers(keycloak: KeycloakAdmin): ReadUsers {
  return {
    find: keycloak.findUsers,
    async one(id) {
      try {
        return { value: await keycloak.user(id) }
      } catch (error) {
        const isAway = error instanceof GatewayError && error.code === 'KEYCLOAK_UNAVAILABLE'
        const known = isAway ? keycloak.lastKnownUser(id) : undefined
        if (known === undefined) throw error
        return known
      }
    },
  }
}
