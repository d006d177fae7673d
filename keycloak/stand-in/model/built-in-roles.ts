import { clientRole, realmRole } from './role-keys.ts'
import type { RoleKey } from './types.ts'

const management = 'realm-management'

const managementRoles: Record<string, string[]> = {
  'create-client': [],
  impersonation: [],
  'manage-authorization': [],
  'manage-clients': [],
  'manage-events': [],
  'manage-identity-providers': [],
  'manage-realm': [],
  'manage-users': [],
  'query-clients': [],
  'query-groups': [],
  'query-realms': [],
  'query-users': [],
  'view-authorization': [],
  'view-clients': ['query-clients'],
  'view-events': [],
  'view-identity-providers': [],
  'view-realm': [],
  'view-users': ['query-users', 'query-groups'],
}

const accountRoles: Record<string, string[]> = {
  'delete-account': [],
  'manage-account': ['manage-account-links'],
  'manage-account-links': [],
  'manage-consent': ['view-consent'],
  'view-applications': [],
  'view-consent': [],
  'view-groups': [],
  'view-profile': [],
}

/** One role every realm has: its key, its name, its client, and the keys it contains. */
export type BuiltInRole = { key: RoleKey; name: string; client?: string; composites: RoleKey[] }

const clientRoles = (client: string, roles: Record<string, string[]>): BuiltInRole[] =>
  Object.entries(roles).map(([name, contains]) => ({
    key: clientRole(client, name),
    name,
    client,
    composites: contains.map((inner) => clientRole(client, inner)),
  }))

/** The roles Keycloak gives a fresh realm of this name. */
export function builtInRoles(realmName: string): BuiltInRole[] {
  const everything = Object.keys(managementRoles).map((name) => clientRole(management, name))
  return [
    { key: realmRole('offline_access'), name: 'offline_access', composites: [] },
    { key: realmRole('uma_authorization'), name: 'uma_authorization', composites: [] },
    {
      key: realmRole(`default-roles-${realmName}`),
      name: `default-roles-${realmName}`,
      composites: [
        realmRole('offline_access'),
        realmRole('uma_authorization'),
        clientRole('account', 'view-profile'),
        clientRole('account', 'manage-account'),
      ],
    },
    ...clientRoles('account', accountRoles),
    ...clientRoles(management, managementRoles),
    {
      key: clientRole(management, 'realm-admin'),
      name: 'realm-admin',
      client: management,
      composites: everything,
    },
    { key: clientRole('broker', 'read-token'), name: 'read-token', client: 'broker', composites: [] },
  ]
}
