import type { Identity } from '../identity/identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { UserDetail } from '../platform/keycloak/people/keycloak-admin.ts'
import type { KeycloakRoles, RoleView } from '../platform/keycloak/roles/keycloak-roles.ts'
import { judgeWrite, RULES, type Rule } from './judge-write.ts'
import { type Permission, permissionsOf } from './permissions.ts'
import { type CallerAccounts, type GroupConcerned, type RoleConcerned, readStandings } from './read-standings.ts'

/** Something a caller wants to do to users. */
export interface Act {
  permission: Permission
  /** Others that it needs as well. */
  also?: readonly Permission[]
  /** Whom it concerns, as read a moment ago; absent for somebody who is being created. */
  target?: UserDetail | undefined
  /** Roles the target would hold by it; what they contain is found out here. */
  grants?: readonly RoleView[]
  /** Whether routes of the gateway open to the target by it that stay closed to the caller. */
  opensMore?: boolean
  /** Roles it would take away; `everything` for an account that ends. */
  takes?: readonly RoleView[] | 'everything'
  /** Whether people may do it to themselves; not unless it is said. */
  isForOneself?: boolean
  /** The group whose members it concerns, as it was read a moment ago. */
  group?: GroupConcerned
  /** The role whose holders it concerns, as it was read a moment ago. */
  role?: RoleConcerned
}

/**
 * May this caller do this to that user? Answers by the rules of `judge-write.ts` from what Keycloak says now, never from a
 * cache.
 * @throws GatewayError INSUFFICIENT_PERMISSIONS with the rule, LAST_ADMINISTRATOR; KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED
 */
export type Authorize = (caller: Identity, act: Act) => Promise<void>

export interface AuthorizeParts {
  roles: Pick<KeycloakRoles, 'forDecision'>
  users: CallerAccounts
}

export function createAuthorize({ roles, users }: AuthorizeParts): Authorize {
  return async function authorize(identity, act) {
    const { permission, also = [], target, grants = [], takes = [], isForOneself = false, opensMore = false } = act
    // What the token alone already forbids costs Keycloak nothing.
    const byToken = permissionsOf(identity)
    const lacking = [permission, ...also].find((one) => !byToken.has(one))
    if (lacking !== undefined) throw refusalBy('permission', lacking)
    const standings = readStandings(roles.forDecision(), users)
    const taken = takes === 'everything' ? takes : await standings.expandedKeys(takes)
    const [caller, granted, concerned, group, role] = await Promise.all([
      standings.ofCaller(identity),
      standings.expandedKeys(grants),
      target === undefined ? undefined : standings.ofTarget(target, taken),
      act.group === undefined ? undefined : standings.ofGroup(act.group, taken),
      act.role === undefined ? undefined : standings.ofRole(act.role, taken),
    ])
    // An account that is gone cannot do anything any more.
    if (caller === undefined) throw refusalBy('disabled-caller', permission)
    const rule = judgeWrite({
      ...{ permission, also, caller, grants: granted, takes: taken, isForOneself, opensMore },
      ...(concerned === undefined ? {} : { target: concerned }),
      ...(group === undefined ? {} : { group }),
      ...(role === undefined ? {} : { role: { ...role, isHeldByCaller: caller.holds.has(role.key) } }),
    })
    if (rule !== undefined) throw refusalBy(rule, permission)
  }
}

function refusalBy(rule: Rule, permission: Permission): GatewayError {
  const details = { rule, explanation: RULES[rule], ...(rule === 'permission' ? { permission } : {}) }
  const code = rule === 'last-administrator' ? 'LAST_ADMINISTRATOR' : 'INSUFFICIENT_PERMISSIONS'
  return new GatewayError(code, { details, reason: `rule ${rule}` })
}
