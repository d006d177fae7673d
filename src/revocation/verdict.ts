import type { AdminEvent, UserEvent } from '../platform/keycloak/events/keycloak-events.ts'

/** What follows from an event; `at` is its time by Keycloak's clock, milliseconds since the epoch. */
export type Verdict = { readonly at: number } & (
  | { readonly do: 'end-person'; readonly subject: string; readonly why: EndReason }
  | { readonly do: 'end-session'; readonly providerSessionId: string }
  | { readonly do: 'end-everyone' }
  /** The account was changed; only the account itself tells how. Between `since` and `at` when there were several changes. */
  | { readonly do: 'look-at-person'; readonly subject: string; readonly since: number }
  /** The realm was changed, and perhaps its not-before. */
  | { readonly do: 'look-at-realm' }
  | { readonly do: 'renew-person'; readonly subject: string }
  | { readonly do: 'renew-everyone' }
)
export type EndReason = 'deleted' | 'disabled' | 'signed-out' | 'password-reset' | 'not-before'

/** User events that mean the end of something; the names are Keycloak's. */
export const USER_EVENTS = ['LOGOUT', 'DELETE_ACCOUNT', 'USER_DISABLED_BY_PERMANENT_LOCKOUT'] as const

/** Resources whose changes can change what is in everybody's tokens. */
const CONCERNS_EVERYONE = new Set(
  `REALM REALM_ROLE REALM_ROLE_MAPPING REALM_SCOPE_MAPPING CLIENT CLIENT_ROLE CLIENT_ROLE_MAPPING CLIENT_SCOPE
  CLIENT_SCOPE_MAPPING CLIENT_SCOPE_CLIENT_MAPPING PROTOCOL_MAPPER GROUP GROUP_MEMBERSHIP USER_PROFILE`.split(/\s+/),
)

/**
 * What an administrator's act means for sessions and tokens; undefined when nothing. Only the place and the kind of the act
 * are looked at, never a representation: the realm need not store any, and so nobody's data.
 */
export function verdictOnAdminEvent({ operation, resourceType, path, time: at }: AdminEvent): Verdict | undefined {
  const [what = '', id = '', part = ''] = path.split('/')
  if (what === 'users' && id !== '') return verdictOnUser(operation, id, part, at)
  if (what === 'sessions' && operation === 'DELETE') return { do: 'end-session', providerSessionId: id, at }
  if (path === 'logout-all') return { do: 'end-everyone', at }
  if (path === 'push-revocation') return { do: 'look-at-realm', at }
  if (what === 'events' || !CONCERNS_EVERYONE.has(resourceType)) return undefined
  if (path === '') return { do: 'look-at-realm', at }
  // A new role, group or client belongs to nobody yet.
  if (operation === 'CREATE' && part === '') return undefined
  return { do: 'renew-everyone', at }
}

function verdictOnUser(operation: string, subject: string, part: string, at: number): Verdict | undefined {
  if (part === '') {
    if (operation === 'CREATE') return undefined
    if (operation === 'DELETE') return { do: 'end-person', subject, why: 'deleted', at }
    return { do: 'look-at-person', subject, since: at, at }
  }
  if (part === 'reset-password') return { do: 'end-person', subject, why: 'password-reset', at }
  if (part === 'logout') return { do: 'end-person', subject, why: 'signed-out', at }
  if (part === 'credentials' || part === 'disable-credential-types')
    return { do: 'look-at-person', subject, since: at, at }
  return { do: 'renew-person', subject, at }
}

/** What a person's own act means, beside what Keycloak's logout tokens tell, which may have been lost. */
export function verdictOnUserEvent({ type, userId, sessionId, time: at }: UserEvent): Verdict | undefined {
  if (type === 'LOGOUT')
    return sessionId === undefined ? undefined : { do: 'end-session', providerSessionId: sessionId, at }
  if (userId === undefined) return undefined
  if (type === 'DELETE_ACCOUNT') return { do: 'end-person', subject: userId, why: 'deleted', at }
  return type === 'USER_DISABLED_BY_PERMANENT_LOCKOUT'
    ? { do: 'look-at-person', subject: userId, since: at, at }
    : undefined
}

/** Each verdict once, the latest of its kind: a script that changes a person's roles one by one leaves a hundred events. */
export function withoutRepetition(verdicts: readonly (Verdict | undefined)[]): Verdict[] {
  const latest = new Map<string, Verdict>()
  for (const verdict of verdicts) {
    if (verdict === undefined) continue
    const { at: _at, ...rest } = verdict
    const name = JSON.stringify({ ...rest, since: 0 })
    const earlier = latest.get(name)
    const since = earlier?.do === 'look-at-person' ? { since: earlier.since } : {}
    latest.set(name, { ...verdict, ...since })
  }
  return [...latest.values()]
}
