/** A part of the log, the newest first; times are milliseconds since the epoch and both belong to the part. */
interface LogQuery {
  first: number
  max: number
  from?: number | undefined
  to?: number | undefined
  ip?: string | undefined
}

export interface LoginQuery extends LogQuery {
  /** Names out of `USER_EVENT_TYPES`; none means all. */
  types?: readonly string[] | undefined
  /** The id of a user. */
  user?: string | undefined
  /** A client id. */
  client?: string | undefined
}

export interface AdminActQuery extends LogQuery {
  operations?: readonly string[] | undefined
  resourceTypes?: readonly string[] | undefined
  /** The id of the user who did it. */
  actor?: string | undefined
  /** Below the realm; `*` stands for anything. */
  path?: string | undefined
}

/** What somebody did at Keycloak, or tried to: nothing of it can be used to do it again. */
export interface LoginView {
  id: string
  at: string
  type: string
  /** Keycloak's word for what went wrong; null where nothing did. */
  error: string | null
  userId: string | null
  /** Null for a user nobody knows: people type their password there. */
  username: string | null
  client: string | null
  ip: string | null
  /** The same for all events of one session at Keycloak; not its id. */
  session: string | null
  details: Readonly<Record<string, string>>
}

/** What an administrator did at Keycloak; never what was written, only the names of it. */
export interface AdminActView {
  id: string
  at: string
  operation: string
  resourceType: string
  path: string
  error: string | null
  actor: {
    userId: string | null
    /** Keycloak's own id of the client, not the client id. */
    clientUuid: string | null
    ip: string | null
    /** False for somebody of another realm, such as the administrators of the whole server. */
    isOfThisRealm: boolean
  }
  /** Names of the members that were sent, where the realm keeps them. */
  members: readonly string[]
  /** Names of the roles that were given or taken, where the realm keeps them. */
  roles: readonly string[]
}

export interface LogPage<T> {
  events: T[]
  /** Whether there are older ones. */
  more: boolean
  /** Whether the realm writes this log at all; what it wrote before stays until it expires. */
  enabled: boolean
  /** Seconds after which events are removed; null for never, or unknown. */
  keptFor: number | null
}

/** The realm's own memory of what people and administrators did. */
export interface KeycloakEventLog {
  /** @throws GatewayError KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED */
  logins(query: LoginQuery): Promise<LogPage<LoginView> & { keptTypes: readonly string[] }>
  /** @throws GatewayError KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED */
  adminActs(query: AdminActQuery): Promise<LogPage<AdminActView>>
}
