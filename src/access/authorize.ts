import type { Identity } from '../identity/identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { UserDetail } from '../platform/keycloak/keycloak-admin.ts'
import type { KeycloakRoles, RoleView } from '../platform/keycloak/keycloak-roles.ts'
import { judgeWrite, RULES, type Rule } from './judge-write.ts'
import { ADMINISTRATOR, type Permission, permissionsOf, permissionsOfRoles } from './permissions.ts'

/** Something a caller wants to do to users. */
export interface Act {
  permission: Permission
  /** Others that it needs as well. */
  also?: readonly Permission[]
  /** Whom it concerns, as read a moment ago; absent for somebody who is being created. */
  target?: UserDetail | undefined
  /** Roles the target would hold by it; what they contain is found out here. */
  grants?: readonly RoleView[]
  /** Roles it would take away; `everything` for an account that ends. */
  takes?: readonly RoleView[] | 'everything'
  /** Whether people may do it to themselves; not unless it is said. */
  isForOneself?: boolean
  /** The group whose members it concerns, as it was read a moment ago. */
  group?: GroupConcerned
  /** The role whose holders it concerns, as it was read a moment ago. */
  role?: RoleConcerned
}

export interface RoleConcerned {
  role: RoleView
  /** Whether there would be an administrator afterwards; asked only where that is in question. */
  keepsAdministrator(): Promise<boolean>
}

export interface GroupConcerned {
  /** All that is held through it, and through the groups below it where these are concerned too. */
  roles: readonly RoleView[]
  /** Whether the caller is in it, or in a group below. */
  holdsCaller: boolean
  /** Whether there would be an administrator afterwards; asked only where that is in question. */
  keepsAdministrator(): Promise<boolean>
}

/**
 * May this caller do this to that user? Answers by the rules of `judge-write.ts` from what Keycloak says now, never from a
 * cache.
 * @throws GatewayError INSUFFICIENT_PERMISSIONS with the rule, LAST_ADMINISTRATOR; KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED
 */
export type Authorize = (caller: Identity, act: Act) => Promise<void>

export interface AuthorizeParts {
  roles: Pick<KeycloakRoles, 'effective' | 'expanded' | 'isHeldByAnother'>
  users: { read(id: string): Promise<Pick<UserDetail, 'enabled'>> }
}

export function createAuthorize({ roles, users }: AuthorizeParts): Authorize {
  const keysOf = (views: readonly RoleView[]) => views.map(({ key }) => key)
  const expandedKeys = async (views: readonly RoleView[]) =>
    keysOf(views.length === 0 ? [] : await roles.expanded(views))

  async function standingOf(identity: Identity) {
    const [account, views] = await Promise.all([users.read(identity.id), roles.effective(identity.id)]).catch(
      unknownCaller,
    )
    const holds = new Set(keysOf(views))
    const held = new Set([...holds].filter((key) => identity.roles.includes(key)))
    const permissions = permissionsOfRoles(held)
    // What scopes give stands in the token alone.
    for (const permission of permissionsOf({ ...identity, roles: [] })) permissions.add(permission)
    return { id: identity.id, isEnabled: account.enabled, permissions, roles: held, holds }
  }

  async function standingOfTarget({ id, username, enabled }: UserDetail, takes: readonly string[] | 'everything') {
    const held = new Set(keysOf(await roles.effective(id)))
    const endsAdministrator = held.has(ADMINISTRATOR) && (takes === 'everything' || takes.includes(ADMINISTRATOR))
    const isOnlyAdministrator = endsAdministrator && enabled && !(await roles.isHeldByAnother(ADMINISTRATOR, id))
    return { id, username, isEnabled: enabled, roles: held, isOnlyAdministrator }
  }

  async function standingOfGroup({ roles: views, holdsCaller, keepsAdministrator }: GroupConcerned, takes: Taken) {
    const held = new Set(keysOf(views))
    const endsAdministrator = held.has(ADMINISTRATOR) && (takes === 'everything' || takes.includes(ADMINISTRATOR))
    return { roles: held, holdsCaller, isLastAdministrators: endsAdministrator && !(await keepsAdministrator()) }
  }

  async function standingOfRole({ role, keepsAdministrator }: RoleConcerned, takes: Taken) {
    const contains = new Set(await expandedKeys([role]))
    const endsAdministrator = takes === 'everything' ? contains.has(ADMINISTRATOR) : takes.includes(ADMINISTRATOR)
    return { key: role.key, contains, isLastAdministrators: endsAdministrator && !(await keepsAdministrator()) }
  }

  return async function authorize(identity, act) {
    const { permission, also = [], target, grants = [], takes = [], isForOneself = false } = act
    // What the token alone already forbids costs Keycloak nothing.
    const byToken = permissionsOf(identity)
    const lacking = [permission, ...also].find((one) => !byToken.has(one))
    if (lacking !== undefined) throw refusalBy('permission', lacking)
    const taken = takes === 'everything' ? takes : await expandedKeys(takes)
    const [caller, granted, concerned, group, role] = await Promise.all([
      standingOf(identity),
      expandedKeys(grants),
      target === undefined ? undefined : standingOfTarget(target, taken),
      act.group === undefined ? undefined : standingOfGroup(act.group, taken),
      act.role === undefined ? undefined : standingOfRole(act.role, taken),
    ])
    const rule = judgeWrite({
      ...{ permission, also, caller, grants: granted, takes: taken, isForOneself },
      ...(concerned === undefined ? {} : { target: concerned }),
      ...(group === undefined ? {} : { group }),
      ...(role === undefined ? {} : { role: { ...role, isHeldByCaller: caller.holds.has(role.key) } }),
    })
    if (rule !== undefined) throw refusalBy(rule, permission)
  }
}

type Taken = readonly string[] | 'everything'

function refusalBy(rule: Rule, permission: Permission): GatewayError {
  const details = { rule, explanation: RULES[rule], ...(rule === 'permission' ? { permission } : {}) }
  const code = rule === 'last-administrator' ? 'LAST_ADMINISTRATOR' : 'INSUFFICIENT_PERMISSIONS'
  return new GatewayError(code, { details, reason: `rule ${rule}` })
}

/** An account that is gone cannot do anything any more. */
function unknownCaller(error: unknown): never {
  if (error instanceof GatewayError && error.code === 'USER_NOT_FOUND')
    throw refusalBy('disabled-caller', 'users.write')
  throw error
}
