import { ADMINISTRATOR, ROLE_PERMISSIONS } from './permissions.ts'

/** Clients that Keycloak makes for itself in every realm; whoever changed their roles would change Keycloak. */
export const KEYCLOAKS_CLIENTS: readonly string[] = [
  'account',
  'account-console',
  'admin-cli',
  'admin-permissions',
  'broker',
  'realm-management',
  'security-admin-console',
]

/** Whether a role belongs to one of these clients. */
export function isOfKeycloak(key: string): boolean {
  return KEYCLOAKS_CLIENTS.some((client) => key.startsWith(`client:${client}:`))
}

/** Roles that Keycloak or the gateway needs in any case: they keep their name and stay. */
export function isKept(key: string): boolean {
  return [ADMINISTRATOR, 'realm:offline_access', 'realm:uma_authorization'].includes(key) || isDefault(key)
}

/** Roles with a meaning of their own, for Keycloak or in the table of permissions: for full administrators only. */
export function isBuiltInRole(key: string): boolean {
  return isKept(key) || Object.hasOwn(ROLE_PERMISSIONS, key)
}

/** What everybody has. */
const isDefault = (key: string) => key.startsWith('realm:default-roles-')
