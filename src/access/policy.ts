import type { Identity } from '../identity/identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'

/** What a caller must have; all of it. */
export interface Requirements {
  /** `realm:<role>` or `client:<client>:<role>`. */
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  /** Full paths, matched whole. */
  readonly groups: readonly string[]
  /** One of these authentication context classes, or null for any. */
  readonly acr: string | readonly string[] | null
}

export type Policy = (identity: Identity) => void

/**
 * Turns requirements into a check that throws: 403 for what is missing (RFC 6750 section 3.1), 401 with a step-up
 * challenge (RFC 9470 section 3) for a sign-in that is too weak.
 */
export function createPolicy({ roles, scopes, groups, acr }: Requirements): Policy {
  const levels = acr === null ? undefined : typeof acr === 'string' ? [acr] : acr
  return function policy(identity) {
    if (!hasAll(identity.roles, roles) || !hasAll(identity.scopes, scopes) || !hasAll(identity.groups, groups)) {
      const missing = {
        roles: roles.filter((role) => !identity.roles.includes(role)),
        scopes: scopes.filter((scope) => !identity.scopes.includes(scope)),
        groups: groups.filter((group) => !identity.groups.includes(group)),
      }
      throw lacking(identity, missing, scopes)
    }
    if (levels !== undefined && (identity.acr === null || !levels.includes(identity.acr))) throw tooWeak(levels)
  }
}

function hasAll(had: readonly string[], wanted: readonly string[]): boolean {
  for (const item of wanted) if (!had.includes(item)) return false
  return true
}

function lacking(
  identity: Identity,
  missing: { roles: string[]; scopes: string[]; groups: string[] },
  scopes: readonly string[],
): GatewayError {
  const headers: Record<string, string> =
    identity.method === 'bearer'
      ? { 'WWW-Authenticate': `Bearer realm="cloakroom", error="insufficient_scope"${parameter('scope', scopes)}` }
      : {}
  return new GatewayError('INSUFFICIENT_PERMISSIONS', {
    reason: `missing ${JSON.stringify(missing)}`,
    details: { required: missing },
    headers,
  })
}

function tooWeak(levels: readonly string[]): GatewayError {
  return new GatewayError('STEP_UP_REQUIRED', {
    details: { acrValues: levels },
    headers: {
      'WWW-Authenticate': `Bearer realm="cloakroom", error="insufficient_user_authentication"${parameter('acr_values', levels)}`,
    },
  })
}

/** A list as a parameter of a challenge; what could not stand between the quotes is left out (RFC 6749 section 3.3). */
function parameter(name: string, items: readonly string[]): string {
  const plain = items.filter((item) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(item))
  return plain.length === 0 ? '' : `, ${name}="${plain.join(' ')}"`
}
