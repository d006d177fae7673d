/** The gateway's own addresses: what no route of the routes file may take (design section 3). */
export function ownPaths(managementPrefix: string): string[] {
  const exact = [
    '/login',
    '/callback',
    '/logout',
    '/backchannel-logout',
    '/me',
    '/session',
    '/cache/info',
    '/cache/clear',
    '/health',
    '/ready',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/console',
  ]
  const managed = ['auth', 'users', 'admin', 'clients', 'api-keys', 'tenants', 'monitoring']
  return [...exact, ...managed.map((name) => `${managementPrefix}/${name}`)]
}

/** Whether `path` is `prefix` or lies below it, by whole segments. */
export function isAtOrBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix === '/' ? '/' : `${prefix}/`)
}
