import { effectiveRoles, expandRoles } from '../model/effective-roles.ts'
import type { Client, ClientScope, Realm, User } from '../model/types.ts'

/** What a request's `scope` comes to for one client and one person. */
export type GrantedScope = {
  scopes: ClientScope[]
  openid: boolean
  offline: boolean
  /** As tokens and token answers show it. */
  text: string
  /** With the scopes that tokens do not show; refresh tokens carry it. */
  full: string
}

const words = (scope: string | undefined) => (scope ?? '').split(' ').filter(Boolean)

/** Keycloak's complaint about a scope the client may not ask for, or nothing. */
export function scopeProblem(realm: Realm, client: Client, requested: string | undefined): string | undefined {
  const allowed = new Set(['openid', ...client.defaultScopes, ...client.optionalScopes])
  const known = (word: string) => {
    const name = word.split(':')[0] ?? word
    return (
      word === 'openid' ||
      (allowed.has(word) && realm.scopes.has(word)) ||
      (name === 'organization' && allowed.has(name))
    )
  }
  return words(requested).every(known) ? undefined : `Invalid scopes: ${requested}`
}

/** The client's default scopes and the optional ones asked for, less those this person has no role for. */
export function grantScope(realm: Realm, client: Client, user: User, requested: string | undefined): GrantedScope {
  const asked = words(requested)
  const names = new Set([...client.defaultScopes, ...asked.filter((name) => client.optionalScopes.includes(name))])
  const held = effectiveRoles(realm, user)
  // Who holds a part of a composite role gets the scope of the whole.
  const permitted = (scope: ClientScope) =>
    scope.roles.size === 0 || [...expandRoles(realm.roles, scope.roles)].some((role) => held.has(role))
  const scopes = [...names].flatMap((name) => realm.scopes.get(name) ?? []).filter(permitted)
  const openid = asked.includes('openid')
  const join = (list: ClientScope[]) => [...(openid ? ['openid'] : []), ...list.map((scope) => scope.name)].join(' ')
  return {
    scopes,
    openid,
    offline: scopes.some((scope) => scope.name === 'offline_access'),
    text: join(scopes.filter((scope) => scope.inTokenScope)),
    full: join(scopes),
  }
}
