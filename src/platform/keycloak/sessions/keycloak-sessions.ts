/** A person's session at Keycloak: single sign-on in one browser, or an offline one, which outlives browsers. */
export interface SsoSession {
  /** Keycloak's id of it; the same as `sid` in tokens. */
  sid: string
  offline: boolean
  /** The address Keycloak saw at sign-in. */
  address: string | null
  /** Milliseconds since the epoch, by Keycloak's clock. */
  startedAt: number
  lastSeenAt: number
  /** Names of the clients that take part. */
  clients: string[]
}

/** What the gateway asks of Keycloak about sessions; the port in front of its admin API. */
export interface KeycloakSessions {
  /**
   * Sessions and offline sessions of a person.
   * @throws GatewayError USER_NOT_FOUND, KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED
   */
  ofUser(userId: string): Promise<SsoSession[]>
  /**
   * Ends the single sign-on session and the offline session of this id; Keycloak tells every client before it answers.
   * @returns whether there was any
   * @throws GatewayError KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED
   */
  end(sid: string): Promise<boolean>
}
