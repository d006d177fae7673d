/** What the gateway keeps of a token's claims; plain JSON, so that it can live in a session. */
export interface CallerClaims {
  /** `sub`. */
  readonly id: string
  readonly username: string | null
  readonly email: string | null
  readonly name: string | null
  /** `realm:<role>` and `client:<client>:<role>`; the two namespaces never mix. */
  readonly roles: readonly string[]
  /** Full paths. */
  readonly groups: readonly string[]
  readonly scopes: readonly string[]
  readonly acr: string | null
  /** Seconds since the epoch. */
  readonly authTime: number | null
}

const MAX_ITEMS = 1_000
const MAX_TEXT = 1_024

/**
 * Reads claims as Keycloak writes them, strictly: what is not of the expected type is not there. Names are compared as
 * exact strings, so a role in another case or script is another role.
 * @param scope the token answer's scope, for access tokens that carry none
 */
export function readCallerClaims(claims: Record<string, unknown>, scope?: string): CallerClaims {
  return {
    id: text(claims.sub) ?? '',
    username: text(claims.preferred_username),
    email: text(claims.email),
    name: text(claims.name),
    roles: [...realmRoles(claims.realm_access), ...clientRoles(claims.resource_access)],
    groups: texts(claims.groups),
    scopes: (text(claims.scope) ?? scope ?? '').split(' ').filter((item) => item !== ''),
    acr: text(claims.acr),
    authTime: typeof claims.auth_time === 'number' && Number.isFinite(claims.auth_time) ? claims.auth_time : null,
  }
}

function realmRoles(access: unknown): string[] {
  return texts(own(access, 'roles')).map((role) => `realm:${role}`)
}

function clientRoles(access: unknown): string[] {
  if (access === null || typeof access !== 'object' || Array.isArray(access)) return []
  return Object.entries(access)
    .filter(([client]) => !client.includes(':'))
    .flatMap(([client, entry]) => texts(own(entry, 'roles')).map((role) => `client:${client}:${role}`))
    .slice(0, MAX_ITEMS)
}

function own(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value
    .filter((item): item is string => typeof item === 'string' && item !== '' && item.length <= MAX_TEXT)
    .slice(0, MAX_ITEMS)
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT ? value : null
}
