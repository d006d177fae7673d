/** Something an administrator did, as the realm remembers it. */
export interface AdminEvent {
  readonly id: string
  /** Milliseconds since the epoch, by Keycloak's clock, as are all times here. */
  readonly time: number
  /** `CREATE`, `UPDATE`, `DELETE` or `ACTION`. */
  readonly operation: string
  readonly resourceType: string
  /** Below the realm, such as `users/<id>/reset-password`; empty for the realm itself. */
  readonly path: string
}

/** Something a person did. */
export interface UserEvent {
  readonly id: string
  readonly time: number
  readonly type: string
  readonly userId: string | undefined
  readonly sessionId: string | undefined
}

export interface EventPage {
  /** The time of the oldest event that is wanted. */
  readonly from: number
  readonly first: number
  readonly max: number
}

/** What decides whether a person's sessions and tokens still count. */
export interface UserStanding {
  readonly enabled: boolean
  /** Nothing issued before counts; 0 when never set. */
  readonly notBefore: number
  /** When the password was last set, by whomever; null for somebody without one. */
  readonly passwordSetAt: number | null
}

/** What the gateway learns from Keycloak beside the messages that Keycloak sends by itself; oldest events first. */
export interface KeycloakEvents {
  /** Whether the realm remembers what administrators do and who signed out, and what time it is at Keycloak. */
  areKept(): Promise<{ kept: boolean; time: number }>
  adminEvents(page: EventPage): Promise<AdminEvent[]>
  /** @param types names of Keycloak's event types, such as `LOGOUT` */
  userEvents(page: EventPage, types: readonly string[]): Promise<UserEvent[]>
  /** Undefined when there is no such person any more. */
  standing(userId: string): Promise<UserStanding | undefined>
  /** The realm's not-before; 0 when never set. */
  realmNotBefore(): Promise<number>
}
