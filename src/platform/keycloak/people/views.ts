import type { GroupView, UserDetail, UserView } from './keycloak-admin.ts'

interface RawUser {
  id?: string | undefined
  username?: string | undefined
  email?: string | undefined
  emailVerified?: boolean | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  enabled?: boolean | undefined
  createdTimestamp?: number | undefined
  attributes?: unknown
  requiredActions?: string[] | undefined
}

interface RawGroup {
  id?: string | undefined
  name?: string | undefined
  path?: string | undefined
  subGroups?: RawGroup[] | undefined
}

/** What is shown of a user: named members only, so that nothing new in Keycloak leaks through. */
export function toUserView(user: RawUser): UserView {
  return {
    id: user.id ?? '',
    username: user.username ?? '',
    email: user.email ?? null,
    emailVerified: user.emailVerified ?? false,
    firstName: user.firstName ?? null,
    lastName: user.lastName ?? null,
    enabled: user.enabled ?? false,
    createdAt: user.createdTimestamp === undefined ? null : new Date(user.createdTimestamp).toISOString(),
  }
}

/** The same with what only the answer for a single user has. */
export function toUserDetail(user: RawUser): UserDetail {
  return {
    ...toUserView(user),
    attributes: attributesOf(user.attributes),
    requiredActions: [...(user.requiredActions ?? [])].sort(),
  }
}

function attributesOf(attributes: unknown): Record<string, string[]> {
  const entries = Object.entries((attributes ?? {}) as Record<string, unknown>)
  return Object.fromEntries(
    entries
      .map(([name, values]): [string, string[]] => [name, [values].flat().map(String)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

export function toGroupView(group: RawGroup): GroupView {
  return {
    id: group.id ?? '',
    name: group.name ?? '',
    path: group.path ?? '',
    subGroups: (group.subGroups ?? []).map(toGroupView),
  }
}
