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
  findUsers(query: Page & { search?: string | undefined }): Promise<{ users: UserView[]; total: number }>
  /** @throws GatewayError USER_NOT_FOUND */
  user(id: string): Promise<UserView>
  /** @throws GatewayError USER_NOT_FOUND */
  groupsOfUser(id: string): Promise<GroupView[]>
  groups(query: Page & { search?: string | undefined }): Promise<{ groups: GroupView[]; total: number }>
}
