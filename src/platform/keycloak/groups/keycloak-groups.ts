import type { Page, UserView } from '../people/keycloak-admin.ts'
import type { RoleView } from '../roles/keycloak-roles.ts'

/** A group with all that administrators see of it. */
export interface GroupDetail {
  id: string
  name: string
  description: string | null
  /** Names of the groups above and its own, each after a slash. */
  path: string
  /** The group above, or null at the top. */
  parentId: string | null
  /** How many groups are right below. */
  subGroupCount: number
  /** By name, in the order of names. */
  attributes: Readonly<Record<string, readonly string[]>>
}

/** What is written of a group; its place is written on its own. */
export interface GroupFields {
  name: string
  description: string | null
  attributes: Readonly<Record<string, readonly string[]>>
}

/** A part of a list whose length nobody knows; `more` when there is something after it. */
export interface Part<T> {
  rows: T[]
  more: boolean
}

/** A group and all below it, by id. */
export interface GroupTree {
  /** The group itself comes first. */
  ids: readonly string[]
  /** Those of them that roles were given to directly. */
  withRoles: readonly string[]
}

/**
 * Groups, always fresh; a write is asked for once and never repeated. Everything throws GatewayError GROUP_NOT_FOUND,
 * KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED.
 */
export interface KeycloakGroups {
  read(id: string): Promise<GroupDetail>
  children(id: string, query: Page & { search?: string | undefined }): Promise<Part<GroupDetail>>
  /** Who is in it directly, in the order of user names. */
  members(id: string, page: Page): Promise<Part<UserView>>
  /** What was given to it directly. */
  roles(id: string): Promise<RoleView[]>
  /** @throws GatewayError GROUP_TOO_LARGE when it has more groups below than are looked through at once */
  tree(id: string): Promise<GroupTree>
  /** Answers the id. @param parentId null for the top @throws GatewayError GROUP_EXISTS */
  create(fields: GroupFields, parentId: string | null): Promise<string>
  /** Replaces what is written of it. @throws GatewayError GROUP_EXISTS */
  change(id: string, fields: GroupFields): Promise<void>
  /** @param parentId null for the top @throws GatewayError GROUP_EXISTS when the name is taken there */
  move(group: Pick<GroupDetail, 'id' | 'name'>, parentId: string | null): Promise<void>
  /** With all groups below it. */
  remove(id: string): Promise<void>
  /** Roles of the realm, or of one client. */
  assign(id: string, roles: readonly RoleView[]): Promise<void>
  withdraw(id: string, roles: readonly RoleView[]): Promise<void>
}
