import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import type { UserDetail } from '../people/keycloak-admin.ts'
import type { UserChanges } from './keycloak-users.ts'

const TEXTS = ['email', 'firstName', 'lastName'] as const

/**
 * What Keycloak is sent so that only what changes is changed: to it `null` means "as it is" and the empty text "away", and
 * with `attributes` in the body it takes away names and address unless they are in the same body.
 * @param before as it is now; absent for a new user
 */
export function toUserBody(changes: UserChanges, before?: UserDetail): UserRepresentation {
  const { username, enabled, emailVerified, attributes, requiredActions } = changes
  const flags = { username, enabled, emailVerified, requiredActions: requiredActions && [...requiredActions] }
  const body: UserRepresentation = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  for (const name of TEXTS) {
    const value = changes[name] === undefined && attributes !== undefined ? before?.[name] : changes[name]
    if (value !== undefined && (value !== null || before !== undefined)) body[name] = value ?? ''
  }
  if (attributes === undefined || (before === undefined && Object.keys(attributes).length === 0)) return body
  return {
    ...body,
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, values]) => [key, [...values]])),
  }
}
