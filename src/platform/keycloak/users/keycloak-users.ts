import type { Credential } from '../people/credential.ts'
import type { UserDetail } from '../people/keycloak-admin.ts'

/** What a new user begins with. */
export interface NewUser {
  username: string
  email: string | null
  firstName: string | null
  lastName: string | null
  enabled: boolean
  emailVerified: boolean
  attributes: Readonly<Record<string, readonly string[]>>
  requiredActions: readonly string[]
  password: NewPassword | null
}

export interface NewPassword {
  value: string
  /** To be changed at the first sign-in. */
  temporary: boolean
}

/** What changes of a user; absent members stay as they are, null takes a value away. */
export interface UserChanges {
  username?: string | undefined
  email?: string | null | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  enabled?: boolean | undefined
  emailVerified?: boolean | undefined
  attributes?: Readonly<Record<string, readonly string[]>> | undefined
  requiredActions?: readonly string[] | undefined
}

/** What brute-force detection remembers of somebody. */
export interface LockState {
  locked: boolean
  /** When the lock ends by itself; null when there is none, or no end. */
  until: string | null
  failures: number
  lastFailureAt: string | null
  lastFailureFrom: string | null
}

/** What the realm lets be written. */
export interface UserRules {
  /** Names of attributes that a user may have; null when any is taken. */
  attributes: readonly string[] | null
  /** Actions that may be required, by Keycloak's names. */
  requiredActions: readonly string[]
  /** As Keycloak writes it, such as `length(10)`; empty when there is none. */
  passwordPolicy: string
}

/**
 * Writes of users and the reads that decide them, always fresh; a write is asked for once and never repeated. Refusals of
 * what was sent are GatewayErrors that name the field; everything throws KEYCLOAK_UNAVAILABLE and KEYCLOAK_REFUSED.
 */
export interface KeycloakUsers {
  /** @throws GatewayError USER_NOT_FOUND */
  read(id: string): Promise<UserDetail>
  rules(): Promise<UserRules>
  /** Answers the id. @throws GatewayError ACCOUNT_TAKEN, INVALID_REQUEST, PASSWORD_REFUSED */
  create(user: NewUser): Promise<string>
  /** @param before as it was read a moment ago @throws GatewayError USER_NOT_FOUND, ACCOUNT_TAKEN, INVALID_REQUEST */
  change(before: UserDetail, changes: UserChanges): Promise<void>
  /** @throws GatewayError USER_NOT_FOUND */
  remove(id: string): Promise<void>
  /** @throws GatewayError USER_NOT_FOUND, PASSWORD_REFUSED */
  setPassword(id: string, password: NewPassword): Promise<void>
  /** Of a user that exists; for others Keycloak answers as if nothing had happened. */
  lock(id: string): Promise<LockState>
  unlock(id: string): Promise<void>
  /** @throws GatewayError USER_NOT_FOUND */
  credentials(id: string): Promise<Credential[]>
  /** Ids of the groups that the user is in directly. @throws GatewayError USER_NOT_FOUND */
  groupIds(id: string): Promise<string[]>
  /** The full path of a group, by which tokens and routes call it. @throws GatewayError GROUP_NOT_FOUND */
  groupPath(groupId: string): Promise<string>
  /** @throws GatewayError GROUP_NOT_FOUND */
  join(id: string, groupId: string): Promise<void>
  /** @throws GatewayError GROUP_NOT_FOUND */
  leave(id: string, groupId: string): Promise<void>
}
