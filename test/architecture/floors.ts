/**
 * The floors of the house, from top to bottom. A room imports only from lower floors; rooms on one floor are strangers.
 * A room is a folder of `src`, below `platform` a folder or file of its own, or a file at the top.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ['main.ts', 'check-config.ts', 'audit-verify.ts'],
  ['start.ts'],
  ['gateway.ts'],
  ['assembly'],
  ['app.ts'],
  ['mount.ts'],
  ['login', 'account', 'proxy', 'admin', 'revocation', 'service-tokens', 'service-clients', 'operations', 'console'],
  ['access'],
  ['identity'],
  ['tenancy', 'edge'],
  ['platform/keycloak'],
  ['platform/oidc', 'platform/audit'],
  ['platform/cache', 'platform/redis', 'platform/database', 'platform/http'],
  ['platform/observability', 'platform/sealing'],
  ['platform/config'],
  [
    'platform/errors',
    'platform/net',
    'platform/tls',
    'platform/clock.ts',
    'platform/turnstile.ts',
    'platform/within.ts',
  ],
]

/** The same inside `identity`: the three kinds of credential know nothing of each other. */
export const IDENTITY_FLOORS: readonly (readonly string[])[] = [
  ['resolve-identity.ts'],
  ['session', 'bearer', 'api-keys'],
  ['identity.ts'],
  ['caller-claims.ts'],
]

/** The same inside `admin`: what is administered is in folders that are strangers, over what all of them use. */
export const ADMIN_FLOORS: readonly (readonly string[])[] = [
  ['users', 'groups', 'roles', 'scopes', 'sessions', 'events', 'settings', 'audit'],
  [
    'record-write.ts',
    'all-or-nothing.ts',
    'answer-maybe-stale.ts',
    'plain-text.ts',
    'opaque-id.ts',
    'list-of.ts',
    'expected-errors.ts',
    'refuse-stale.ts',
    'user-summary.ts',
    'shown-roles.ts',
    'roles-of-keys.ts',
  ],
  ['administrator.ts'],
]

/** The same inside `proxy`: the way of a call, and of a web socket, over what they are made of. */
export const PROXY_FLOORS: readonly (readonly string[])[] = [
  ['proxy-routes.ts', 'limits.ts', 'web-sockets'],
  ['proxied-route.ts', 'route-table.ts'],
  ['upstream'],
  ['http2', 'live'],
  ['headers'],
]

/** The same inside `platform/keycloak`: a folder for each thing Keycloak keeps, over its people and the way to ask. */
export const KEYCLOAK_FLOORS: readonly (readonly string[])[] = [
  ['users', 'groups', 'scopes', 'clients', 'sessions', 'events', 'accounts'],
  ['roles'],
  ['people'],
  ['admin-api'],
]

/** `src/platform/cache/cache.ts` → `platform/cache`; `src/app.ts` → `app.ts`. */
export function roomOf(path: string): string {
  const [, first = '', second = ''] = path.split('/')
  return first === 'platform' ? `platform/${second}` : first
}

/** The part of its room a file belongs to. */
export function partOf(path: string): string {
  return path.slice(`src/${roomOf(path)}/`.length).split('/')[0] ?? ''
}

/** Why `from` may not import `to`, or undefined when it may. */
export function whyNot(
  from: string,
  to: string,
  floors: readonly (readonly string[])[],
  room: (path: string) => string,
): string | undefined {
  const [above, below] = [room(from), room(to)]
  if (above === below) return undefined
  const level = (name: string) => floors.findIndex((floor) => floor.includes(name))
  for (const name of [above, below]) if (level(name) === -1) return `${name} has no floor yet; give it one in floors.ts`
  if (level(above) === level(below)) return `${above} and ${below} are strangers on one floor`
  return level(above) > level(below) ? `${below} is above ${above}` : undefined
}
