import { permissionsOf, permissionsOfScopes } from '../access/permissions.ts'
import type { Identity } from '../identity/identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakServiceClients, MappedRole } from '../platform/keycloak/clients/keycloak-service-clients.ts'

/** A scope that a client has or may get, with the roles that its service account needs for it. */
export interface Grant {
  readonly name: string
  readonly scopeId: string
  readonly roles: readonly MappedRole[]
}

export interface Grants {
  /**
   * What stands behind names of scopes which are to be given, and whether this administrator may give them.
   * @param held names among them which the client has already: they are left out
   * @throws GatewayError INVALID_REQUEST for a scope that is not handed out, INSUFFICIENT_PERMISSIONS for one whose roles or
   * permissions the administrator may not give
   */
  toGive(names: readonly string[], by: Identity, held?: readonly string[]): Promise<Grant[]>
  /** What stands behind the names of scopes that a client has; those that the realm has lost are left out. */
  ofClient(names: readonly string[]): Promise<Grant[]>
}

/** Owners of roles by which a program could administer the realm or act for people. */
const NEVER = new Set(['realm-management', 'account', 'broker'])

/** May this caller give these roles to a service client? @throws GatewayError INSUFFICIENT_PERMISSIONS with the rule */
export type MayGive = (by: Identity, roles: readonly MappedRole[]) => Promise<void>

/** @param allowed names of the client scopes that service clients may have */
export function createGrants(
  keycloak: Pick<KeycloakServiceClients, 'scopeIds' | 'rolesOfScope'>,
  allowed: readonly string[],
  mayGive: MayGive,
): Grants {
  async function ofClient(names: readonly string[]): Promise<Grant[]> {
    if (names.length === 0) return []
    const ids = await keycloak.scopeIds()
    const grants: Grant[] = []
    for (const name of names) {
      const scopeId = ids.get(name)
      if (scopeId !== undefined) grants.push({ name, scopeId, roles: await keycloak.rolesOfScope(scopeId) })
    }
    return grants
  }

  return {
    ofClient,
    async toGive(names, by, held = []) {
      const refuse = (isWrong: (name: string) => boolean, problem: string) => {
        const fields = names.flatMap((name, at) =>
          wanted.includes(name) && isWrong(name) ? [{ field: `scopes.${at}`, problem }] : [],
        )
        if (fields.length > 0) throw new GatewayError('INVALID_REQUEST', { details: { fields } })
      }
      const wanted = names.filter((name) => !held.includes(name))
      refuse((name) => !allowed.includes(name), notAllowed(allowed))
      const grants = await ofClient(wanted)
      refuse((name) => !grants.some((grant) => grant.name === name), 'is not a scope of the realm')
      const tooMuch = grants.filter(({ roles }) => roles.some(isNeverGiven)).map(({ name }) => name)
      refuse(
        (name) => tooMuch.includes(name),
        "stands for roles that are not handed out: composite ones or Keycloak's own",
      )
      checkPermissions(wanted, by)
      const roles = grants.flatMap((grant) => grant.roles)
      if (roles.length > 0) await mayGive(by, roles)
      return grants
    },
  }
}

/** A scope may be a permission of the gateway itself, without any role behind it; nobody gives one they lack. */
function checkPermissions(names: readonly string[], by: Identity): void {
  const own = permissionsOf(by)
  const lacking = [...permissionsOfScopes(names)].filter((permission) => !own.has(permission))
  if (lacking.length > 0)
    throw new GatewayError('INSUFFICIENT_PERMISSIONS', {
      reason: 'the scopes bring permissions that the caller does not have',
      details: { required: { permissions: lacking } },
    })
}

/** Composites are not looked through, because what is in them can change after they were given. */
const isNeverGiven = ({ composite, owner }: MappedRole) => composite || NEVER.has(owner?.clientId ?? '')

const notAllowed = (allowed: readonly string[]) =>
  allowed.length === 0
    ? 'is not handed out; SERVICE_CLIENT_SCOPES names no scope'
    : `is not handed out; there are ${allowed.join(', ')}`
