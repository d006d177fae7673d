/** What an administrative operation may need, and what it lets somebody do. */
export const PERMISSIONS = {
  'users.read': 'See users, their roles, groups, locks and what they sign in with.',
  'users.write': 'Create, change, enable and disable users, ask them for actions, lift locks.',
  'users.delete': 'Delete users.',
  'users.reset-password': 'Set the password of others.',
  'roles.read': 'See roles.',
  'roles.write': 'Create, change and delete roles and composites.',
  'roles.assign': 'Give and take roles; give only roles one holds oneself.',
  'roles.assign-any': 'Give roles one does not hold oneself.',
  'groups.read': 'See groups and their members.',
  'groups.write': 'Create, change and delete groups.',
  'groups.assign':
    'Put users into groups and take them out; where routes ask for a group, only into those one is in oneself.',
  'scopes.read': 'See client scopes.',
  'scopes.write': 'Create, change and delete client scopes.',
  'clients.read': 'See service clients.',
  'clients.write': 'Register, change and delete service clients, rotate their secrets.',
  'sessions.read': 'See the sessions of others.',
  'sessions.end': 'End the sessions of others.',
  'events.read': 'See the events of the realm.',
  'audit.read': 'Read the audit trail.',
  'settings.read': 'See the configuration, without secrets.',
  'settings.write': 'Change what can be changed while running.',
  'monitoring.read': 'See breakers and figures.',
  'caches.read': 'See the caches.',
  'caches.clear': 'Clear the caches.',
} as const

export type Permission = keyof typeof PERMISSIONS

/** What a full administrator holds. */
export const EVERY_PERMISSION: readonly Permission[] = Object.keys(PERMISSIONS) as Permission[]

/** Holds every permission; the last one who has it cannot be removed. */
export const ADMINISTRATOR = 'realm:admin'

/**
 * Who may do what, by realm role. A role that the realm does not have gives nothing to anybody, so the finer ones are
 * there for whoever creates them.
 */
export const ROLE_PERMISSIONS: Readonly<Record<string, readonly Permission[]>> = {
  [ADMINISTRATOR]: EVERY_PERMISSION,
  'realm:user-admin': [
    'users.read',
    'users.write',
    'users.reset-password',
    'roles.read',
    'roles.assign',
    'groups.read',
    'groups.assign',
    'sessions.read',
    'sessions.end',
  ],
  'realm:auditor': ['users.read', 'roles.read', 'groups.read', 'sessions.read', 'events.read', 'audit.read'],
  'realm:operator': ['monitoring.read', 'settings.read', 'caches.read', 'caches.clear'],
}

const SCOPE = 'admin:'
/** Keycloak's name for the user behind a service client begins so; no person may have such a name. */
export const SERVICE_ACCOUNT = 'service-account-'

/** What these roles let somebody do. */
export function permissionsOfRoles(roles: Iterable<string>): Set<Permission> {
  const held = new Set<Permission>()
  for (const role of roles)
    if (Object.hasOwn(ROLE_PERMISSIONS, role))
      for (const permission of ROLE_PERMISSIONS[role] ?? []) held.add(permission)
  return held
}

/** What the scopes of a service client let it do: scope `admin:users.read` is permission `users.read`. */
export function permissionsOfScopes(scopes: readonly string[]): Set<Permission> {
  const names = scopes.filter((scope) => scope.startsWith(SCOPE)).map((scope) => scope.slice(SCOPE.length))
  return new Set(EVERY_PERMISSION.filter((permission) => names.includes(permission)))
}

/** What is known of a caller without asking anybody. */
export interface TokenHolder {
  readonly method: string
  readonly username: string | null
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
}

/**
 * What a caller may do by the token alone. Scopes count for service clients only: a person's token may carry scopes that
 * everybody who signs in gets.
 */
export function permissionsOf({ method, username, roles, scopes }: TokenHolder): Set<Permission> {
  const held = permissionsOfRoles(roles)
  if (method === 'bearer' && username?.startsWith(SERVICE_ACCOUNT))
    for (const permission of permissionsOfScopes(scopes)) held.add(permission)
  return held
}
