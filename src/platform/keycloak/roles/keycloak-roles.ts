/** A role of the realm or of one of its clients. */
export interface RoleView {
  id: string
  /** `realm:<role>` or `client:<client>:<role>`; the two namespaces never mix. */
  key: string
  name: string
  description: string | null
  composite: boolean
  /** Keycloak's own id of the client whose role it is, or null. */
  clientUuid: string | null
}

/** Groups as they would be after a change that has not been made yet. */
export interface GroupsToCome {
  /** Whether a group is no longer below the one it is below now. */
  isCutOff?(groupId: string): boolean
  /** Whether a group no longer has a role of the realm, by name, that it has now. */
  givesNoMore?(groupId: string, roleName: string): boolean
  /** Whether a role no longer contains another one, by their ids, that it contains now. */
  containsNoMore?(roleId: string, partId: string): boolean
}

/** What is asked of roles while it is decided whether somebody may do something. */
export interface RolesForDecision {
  /** What the user holds: directly, through groups and the groups above them, and through composites. @throws GatewayError USER_NOT_FOUND */
  effective(userId: string): Promise<RoleView[]>
  /** These roles and all that they contain. */
  expanded(roles: readonly RoleView[]): Promise<RoleView[]>
  /**
   * Whether an enabled person besides this one holds a realm role. Not counted is who has it only through a composite of a
   * client, so that the answer errs on the side of no.
   */
  isHeldByAnother(realmRole: string, userId: string): Promise<boolean>
}

/**
 * Roles, as decisions about writes need them: every answer is fresh, and whole or none. Keycloak leaves out of lists what
 * the asking service account may not see, so it is made sure first that this one sees all.
 * Everything throws GatewayError KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED.
 */
export interface KeycloakRoles extends RolesForDecision {
  /** For one decision, in which nothing is asked twice; not to be kept. */
  forDecision(): RolesForDecision
  /** What was given to the user directly. @throws GatewayError USER_NOT_FOUND */
  direct(userId: string): Promise<RoleView[]>
  /** The role of this key, or undefined. */
  find(key: string): Promise<RoleView | undefined>
  /** What its members hold through a group. @throws GatewayError GROUP_NOT_FOUND */
  ofGroup(groupId: string): Promise<RoleView[]>
  /** What everybody gets who is created: the realm's default role, and those of its default groups. */
  ofNewUsers(): Promise<RoleView[]>
  /** Whether an enabled person would still hold a realm role after a change of groups; errs as `isHeldByAnother`. */
  isStillHeld(realmRole: string, toCome: GroupsToCome): Promise<boolean>
  assign(userId: string, roles: readonly RoleView[]): Promise<void>
  withdraw(userId: string, roles: readonly RoleView[]): Promise<void>
}
