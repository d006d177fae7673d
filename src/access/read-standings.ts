import type { Identity } from '../identity/identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { UserDetail } from '../platform/keycloak/people/keycloak-admin.ts'
import type { RolesForDecision, RoleView } from '../platform/keycloak/roles/keycloak-roles.ts'
import { ADMINISTRATOR, permissionsOf, permissionsOfRoles } from './permissions.ts'

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

export interface CallerAccounts {
  read(id: string): Promise<Pick<UserDetail, 'enabled'>>
}

/** Keys of the roles that are taken away, with all that these contain; `everything` for an account that ends. */
type Taken = readonly string[] | 'everything'

const keysOf = (views: readonly RoleView[]) => views.map(({ key }) => key)

/** Where those stand whom a write concerns: what they hold, as Keycloak says now. For one decision. */
export function readStandings(roles: RolesForDecision, users: CallerAccounts) {
  const expandedKeys = async (views: readonly RoleView[]) =>
    keysOf(views.length === 0 ? [] : await roles.expanded(views))

  return {
    expandedKeys,

    /** Undefined when the account is gone. */
    async ofCaller(identity: Identity) {
      const read = Promise.all([users.read(identity.id), roles.effective(identity.id)])
      const found = await read.catch(undefinedIfGone)
      if (found === undefined) return undefined
      const [{ enabled }, views] = found
      const holds = new Set(keysOf(views))
      const held = new Set([...holds].filter((key) => identity.roles.includes(key)))
      const permissions = permissionsOfRoles(held)
      // What scopes give stands in the token alone.
      for (const permission of permissionsOf({ ...identity, roles: [] })) permissions.add(permission)
      return { id: identity.id, isEnabled: enabled, permissions, roles: held, holds }
    },

    async ofTarget({ id, username, enabled }: UserDetail, takes: Taken) {
      const held = new Set(keysOf(await roles.effective(id)))
      const isOnlyAdministrator =
        endsAdministrator(held, takes) && enabled && !(await roles.isHeldByAnother(ADMINISTRATOR, id))
      return { id, username, isEnabled: enabled, roles: held, isOnlyAdministrator }
    },

    async ofGroup({ roles: views, holdsCaller, keepsAdministrator }: GroupConcerned, takes: Taken) {
      const held = new Set(keysOf(views))
      const isLastAdministrators = endsAdministrator(held, takes) && !(await keepsAdministrator())
      return { roles: held, holdsCaller, isLastAdministrators }
    },

    async ofRole({ role, keepsAdministrator }: RoleConcerned, takes: Taken) {
      const contains = new Set(await expandedKeys([role]))
      const ends = takes === 'everything' ? contains.has(ADMINISTRATOR) : takes.includes(ADMINISTRATOR)
      return { key: role.key, contains, isLastAdministrators: ends && !(await keepsAdministrator()) }
    },
  }
}

function endsAdministrator(held: ReadonlySet<string>, takes: Taken): boolean {
  return held.has(ADMINISTRATOR) && (takes === 'everything' || takes.includes(ADMINISTRATOR))
}

function undefinedIfGone(error: unknown): undefined {
  if (!(error instanceof GatewayError && error.code === 'USER_NOT_FOUND')) throw error
}
