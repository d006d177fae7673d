import { isBuiltInRole, isOfKeycloak } from './built-in-roles.ts'
import { ADMINISTRATOR, EVERY_PERMISSION, type Permission, permissionsOfRoles, SERVICE_ACCOUNT } from './permissions.ts'

/** What somebody wants to do to users, with everything that decides it, read a moment ago and never from a cache. */
export interface WriteFacts {
  permission: Permission
  /** Others that it needs as well. */
  also?: readonly Permission[]
  caller: {
    id: string
    isEnabled: boolean
    /** By the token and by Keycloak as it is now: what only one of them knows does not count. */
    permissions: ReadonlySet<Permission>
    /** Keys of all roles the caller holds, in whatever way. */
    roles: ReadonlySet<string>
  }
  /** Whom it concerns; absent for somebody who is only being created. */
  target?: {
    id: string
    username: string
    isEnabled: boolean
    /** Keys of all roles held, directly, through groups, composites and defaults. */
    roles: ReadonlySet<string>
    isOnlyAdministrator: boolean
  }
  /** The group whose members it concerns. */
  group?: {
    /** Keys of all roles held through it, and through those below where they are concerned too. */
    roles: ReadonlySet<string>
    /** Whether the caller is in it, or in a group below. */
    holdsCaller: boolean
    isLastAdministrators: boolean
  }
  /** The role whose holders it concerns. */
  role?: {
    key: string
    /** Keys of the role itself and of all that it contains. */
    contains: ReadonlySet<string>
    isHeldByCaller: boolean
    isLastAdministrators: boolean
  }
  /** Keys of every role the target would hold by it, with all that these contain. */
  grants?: readonly string[]
  /** Whether routes of the gateway open to the target by it that stay closed to the caller. */
  opensMore?: boolean
  /** Keys of every role it would take away, with all that these contain; `everything` for an account that ends. */
  takes?: readonly string[] | 'everything'
  /** Whether people may do it to themselves. */
  isForOneself: boolean
}

export const RULES = {
  permission: 'The caller does not have the permission for this.',
  'disabled-caller': 'The account of the caller is disabled.',
  'service-account': 'Accounts of service clients are not changed here.',
  'realm-management':
    'This account holds administrative roles of the identity provider itself; it is not changed here.',
  oneself: 'Nobody does this to their own account.',
  'higher-rank': 'This account has permissions that the caller does not have.',
  'grants-realm-management': 'Administrative roles of the identity provider itself are not given here.',
  'grants-permission': 'The roles bring permissions that the caller does not have.',
  'grants-role': 'The caller does not hold all of these roles.',
  'grants-group': 'Routes ask for this group, and the caller is not in it.',
  'group-realm-management':
    'Through this group administrative roles of the identity provider itself are held; it is not changed here.',
  'group-higher-rank': 'Through this group permissions are held that the caller does not have.',
  'oneself-by-group': 'The caller is in this group and would get roles by it.',
  'role-of-keycloak': 'This role belongs to one of the clients of Keycloak itself; it is not changed here.',
  'role-realm-management':
    'This role contains administrative roles of the identity provider itself; it is not changed here.',
  'role-higher-rank': 'This role brings permissions that the caller does not have.',
  'built-in-role': 'The gateway or Keycloak gives this role its meaning; only full administrators change it.',
  'oneself-by-role': 'The caller holds this role and would get more by it.',
  'last-administrator': 'This is the last administrator.',
} as const

export type Rule = keyof typeof RULES

/** `client:realm-management:…`: power over Keycloak itself, past every rule of the gateway. */
export function isManagementRole(key: string): boolean {
  return key.startsWith('client:realm-management:')
}

/** The rule that forbids it, or undefined when nothing does; no I/O. */
export function judgeWrite(facts: WriteFacts): Rule | undefined {
  const { permission, also = [], caller } = facts
  if (!caller.isEnabled) return 'disabled-caller'
  if ([permission, ...also].some((one) => !caller.permissions.has(one))) return 'permission'
  return judgeTarget(facts) ?? judgeGroup(facts) ?? judgeRole(facts) ?? judgeGrants(facts) ?? judgeTakes(facts)
}

function judgeTarget({ caller, target, isForOneself }: WriteFacts): Rule | undefined {
  if (target === undefined) return undefined
  if (target.username.toLowerCase().startsWith(SERVICE_ACCOUNT)) return 'service-account'
  if ([...target.roles].some(isManagementRole)) return 'realm-management'
  if (target.id === caller.id && !isForOneself) return 'oneself'
  const lacking = [...permissionsOfRoles(target.roles)].some((permission) => !caller.permissions.has(permission))
  return lacking ? 'higher-rank' : undefined
}

function judgeGroup({ caller, group }: WriteFacts): Rule | undefined {
  if (group === undefined) return undefined
  if ([...group.roles].some(isManagementRole)) return 'group-realm-management'
  const lacking = [...permissionsOfRoles(group.roles)].some((permission) => !caller.permissions.has(permission))
  return lacking ? 'group-higher-rank' : undefined
}

function judgeRole({ caller, role, grants = [] }: WriteFacts): Rule | undefined {
  if (role === undefined) return undefined
  if (isOfKeycloak(role.key)) return 'role-of-keycloak'
  if ([...role.contains].some(isManagementRole)) return 'role-realm-management'
  if ([...permissionsOfRoles(role.contains)].some((permission) => !caller.permissions.has(permission)))
    return 'role-higher-rank'
  if (isBuiltInRole(role.key) && EVERY_PERMISSION.some((permission) => !caller.permissions.has(permission)))
    return 'built-in-role'
  return role.isHeldByCaller && grants.some((key) => !caller.roles.has(key)) ? 'oneself-by-role' : undefined
}

function judgeGrants({ caller, group, grants = [], opensMore = false }: WriteFacts): Rule | undefined {
  if (grants.some(isManagementRole)) return 'grants-realm-management'
  if ([...permissionsOfRoles(grants)].some((permission) => !caller.permissions.has(permission)))
    return 'grants-permission'
  if (opensMore && !caller.permissions.has('roles.assign-any')) return 'grants-group'
  if (grants.every((key) => caller.roles.has(key))) return undefined
  if (group?.holdsCaller) return 'oneself-by-group'
  return caller.permissions.has('roles.assign-any') ? undefined : 'grants-role'
}

function judgeTakes({ target, group, role, takes = [] }: WriteFacts): Rule | undefined {
  if (group?.isLastAdministrators || role?.isLastAdministrators) return 'last-administrator'
  const endsAdministrator = takes === 'everything' || takes.includes(ADMINISTRATOR)
  return endsAdministrator && target?.isOnlyAdministrator ? 'last-administrator' : undefined
}
