import { ADMINISTRATOR, type Permission, permissionsOfRoles, SERVICE_ACCOUNT } from './permissions.ts'

/** What somebody wants to do to users, with everything that decides it, read a moment ago and never from a cache. */
export interface WriteFacts {
  permission: Permission
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
  /** Keys of every role the target would hold by it, with all that these contain. */
  grants?: readonly string[]
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
  'last-administrator': 'This is the last administrator.',
} as const

export type Rule = keyof typeof RULES

/** `client:realm-management:…`: power over Keycloak itself, past every rule of the gateway. */
export function isManagementRole(key: string): boolean {
  return key.startsWith('client:realm-management:')
}

/** The rule that forbids it, or undefined when nothing does; no I/O. */
export function judgeWrite(facts: WriteFacts): Rule | undefined {
  const { permission, caller } = facts
  if (!caller.isEnabled) return 'disabled-caller'
  if (!caller.permissions.has(permission)) return 'permission'
  return judgeTarget(facts) ?? judgeGrants(facts) ?? judgeTakes(facts)
}

function judgeTarget({ caller, target, isForOneself }: WriteFacts): Rule | undefined {
  if (target === undefined) return undefined
  if (target.username.toLowerCase().startsWith(SERVICE_ACCOUNT)) return 'service-account'
  if ([...target.roles].some(isManagementRole)) return 'realm-management'
  if (target.id === caller.id && !isForOneself) return 'oneself'
  const lacking = [...permissionsOfRoles(target.roles)].some((permission) => !caller.permissions.has(permission))
  return lacking ? 'higher-rank' : undefined
}

function judgeGrants({ caller, grants = [] }: WriteFacts): Rule | undefined {
  if (grants.some(isManagementRole)) return 'grants-realm-management'
  if ([...permissionsOfRoles(grants)].some((permission) => !caller.permissions.has(permission)))
    return 'grants-permission'
  if (caller.permissions.has('roles.assign-any')) return undefined
  return grants.every((key) => caller.roles.has(key)) ? undefined : 'grants-role'
}

function judgeTakes({ target, takes = [] }: WriteFacts): Rule | undefined {
  const endsAdministrator = takes === 'everything' || takes.includes(ADMINISTRATOR)
  return endsAdministrator && target?.isOnlyAdministrator ? 'last-administrator' : undefined
}
