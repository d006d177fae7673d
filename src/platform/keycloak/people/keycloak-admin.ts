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

export type UserQuery = Page & UserFilter
export type GroupQuery = Page & { search?: string | undefined }

/** A page, and how many there are on all pages. */
export interface UserList {
  users: UserView[]
  total: number
}

export interface GroupList {
  groups: GroupView[]
  total: number
}

/** What was last read, also when its time is over; for while Keycloak is away. */
export interface LastKnownAnswers {
  user(id: string): LastKnown<UserDetail> | undefined
  users(query: UserQuery): LastKnown<UserList> | undefined
  groups(query: GroupQuery): LastKnown<GroupList> | undefined
  groupsOfUser(id: string): LastKnown<GroupView[]> | undefined
}

/** What the gateway asks of Keycloak's administration; the port in front of its admin API. */
export interface KeycloakAdmin {
  findUsers(query: UserQuery): Promise<UserList>
  /** @throws GatewayError USER_NOT_FOUND */
  user(id: string): Promise<UserDetail>
  /** @throws GatewayError USER_NOT_FOUND */
  groupsOfUser(id: string): Promise<GroupView[]>
  groups(query: GroupQuery): Promise<GroupList>
  lastKnown: LastKnownAnswers
}
