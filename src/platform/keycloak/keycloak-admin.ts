/** A user as the gateway shows one. */
export interface UserView {
  id: string
  username: string
  email: string | null
  emailVerified: boolean
  firstName: string | null
  lastName: string | null
  enabled: boolean
  createdAt: string | null
}

/** All that is shown of one user. */
export interface UserDetail extends UserView {
  /** By name, in the order of names. */
  attributes: Readonly<Record<string, readonly string[]>>
  /** What the user has to do at the next sign-in, by Keycloak's names. */
  requiredActions: readonly string[]
}

/** Which users; fields are found as a part of the value, whole with `exact`. `search` looks at all fields at once. */
export interface UserFilter {
  search?: string | undefined
  username?: string | undefined
  email?: string | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  enabled?: boolean | undefined
  emailVerified?: boolean | undefined
  exact?: boolean | undefined
}

/** What was known of something a while ago. */
export interface LastKnown<T> {
  value: T
  ageMs: number
}

export interface GroupView {
  id: string
  name: string
  /** Full path. */
  path: string
  subGroups: GroupView[]
}

export interface Page {
  /** Where to begin, from 0. */
  first: number
  /** How many at most. */
  max: number
}

/** What the gateway asks of Keycloak's administration; the port in front of its admin API. */
export interface KeycloakAdmin {
  findUsers(query: Page & UserFilter): Promise<{ users: UserView[]; total: number }>
  /** @throws GatewayError USER_NOT_FOUND */
  user(id: string): Promise<UserDetail>
  /** What was last read of a user, also when its time is over; for while Keycloak is away. */
  lastKnownUser(id: string): LastKnown<UserDetail> | undefined
  /** @throws GatewayError USER_NOT_FOUND */
  groupsOfUser(id: string): Promise<GroupView[]>
  groups(query: Page & { search?: string | undefined }): Promise<{ groups: GroupView[]; total: number }>
}
