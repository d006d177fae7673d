import type { Permission } from './permissions.ts'

/**
 * What each administrative endpoint needs; the first row that fits counts. What stands in no row needs every permission
 * there is, so that an endpoint nobody thought of is for full administrators only.
 */
export const ADMINISTRATION: readonly (readonly [methods: string, path: string, permission: Permission])[] = [
  ['GET', '/admin/users', 'users.read'],
  ['POST', '/admin/users', 'users.write'],
  ['GET', '/admin/users/:id', 'users.read'],
  ['PUT PATCH', '/admin/users/:id', 'users.write'],
  ['DELETE', '/admin/users/:id', 'users.delete'],
  ['POST', '/admin/users/:id/enable', 'users.write'],
  ['POST', '/admin/users/:id/disable', 'users.write'],
  ['PUT', '/admin/users/:id/password', 'users.reset-password'],
  ['PUT', '/admin/users/:id/required-actions', 'users.write'],
  ['GET', '/admin/users/:id/lock', 'users.read'],
  ['DELETE', '/admin/users/:id/lock', 'users.write'],
  ['GET', '/admin/users/:id/credentials', 'users.read'],
  ['GET', '/admin/users/:id/roles', 'users.read'],
  ['POST DELETE', '/admin/users/:id/roles', 'roles.assign'],
  ['GET', '/admin/users/:id/groups', 'users.read'],
  ['PUT DELETE', '/admin/users/:id/groups/:groupId', 'groups.assign'],
  ['GET', '/admin/users/:id/sessions', 'sessions.read'],
  ['DELETE', '/admin/users/:id/sessions', 'sessions.end'],
  ['GET', '/admin/sessions', 'sessions.read'],
  ['DELETE', '/admin/sessions', 'sessions.end'],
  ['DELETE', '/admin/sessions/:id', 'sessions.end'],
  ['GET', '/admin/roles', 'roles.read'],
  ['POST', '/admin/roles', 'roles.write'],
  ['GET', '/admin/roles/:id', 'roles.read'],
  ['PATCH DELETE', '/admin/roles/:id', 'roles.write'],
  ['GET', '/admin/roles/:id/composites', 'roles.read'],
  ['POST DELETE', '/admin/roles/:id/composites', 'roles.write'],
  ['GET', '/admin/roles/:id/usage', 'roles.read'],
  ['GET', '/admin/roles/:id/users', 'users.read'],
  ['GET', '/admin/groups', 'groups.read'],
  ['POST', '/admin/groups', 'groups.write'],
  ['GET', '/admin/groups/:id', 'groups.read'],
  ['PUT PATCH DELETE', '/admin/groups/:id', 'groups.write'],
  ['PUT', '/admin/groups/:id/parent', 'groups.write'],
  ['GET', '/admin/groups/:id/children', 'groups.read'],
  ['GET', '/admin/groups/:id/members', 'groups.read'],
  ['PUT DELETE', '/admin/groups/:id/members/:userId', 'groups.assign'],
  ['GET', '/admin/groups/:id/roles', 'groups.read'],
  ['POST DELETE', '/admin/groups/:id/roles', 'groups.write'],
  ['GET', '/admin/events/logins', 'events.read'],
  ['GET', '/admin/events/admin', 'events.read'],
  ['GET', '/admin/settings', 'settings.read'],
  ['PATCH', '/admin/settings', 'settings.write'],
  ['DELETE', '/admin/settings/:name', 'settings.write'],
  ['GET', '/admin/scopes', 'scopes.read'],
  ['POST', '/admin/scopes', 'scopes.write'],
  ['GET', '/admin/scopes/:id', 'scopes.read'],
  ['PUT PATCH DELETE', '/admin/scopes/:id', 'scopes.write'],
  ['GET', '/admin/scopes/:id/roles', 'scopes.read'],
  ['PUT', '/admin/scopes/:id/roles', 'scopes.write'],
  ['GET', '/admin/scopes/:id/clients', 'clients.read'],
  ['GET', '/admin/audit', 'audit.read'],
  ['GET', '/clients', 'clients.read'],
  ['POST', '/clients', 'clients.write'],
  ['GET', '/clients/:id', 'clients.read'],
  ['PATCH DELETE', '/clients/:id', 'clients.write'],
  ['PUT', '/clients/:id/scopes', 'clients.write'],
  ['POST', '/clients/:id/secret', 'clients.write'],
  ['POST', '/clients/:id/enable', 'clients.write'],
  ['POST', '/clients/:id/disable', 'clients.write'],
  ['GET', '/monitoring/circuit-breakers', 'monitoring.read'],
  ['GET', '/monitoring/metrics', 'monitoring.read'],
  ['GET', '/cache/info', 'caches.read'],
  ['POST', '/cache/clear', 'caches.clear'],
]

const ROWS = ADMINISTRATION.map(([methods, path, permission]) => ({
  methods: methods.split(' '),
  segments: path.split('/'),
  permission,
}))

/**
 * The permission that a request needs; undefined where the table names none. HEAD asks what GET asks.
 * @param path the canonical path without `MANAGEMENT_PREFIX`
 */
export function permissionFor(method: string, path: string): Permission | undefined {
  const asked = method === 'HEAD' ? 'GET' : method
  const segments = path.split('/')
  return ROWS.find((row) => row.methods.includes(asked) && fits(row.segments, segments))?.permission
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((part, at) => (part.startsWith(':') ? segments[at] !== '' : part === segments[at]))
}
