import type { Cache } from '../cache/cache.ts'
import type { AdminConfig } from '../config/config.ts'
import { GatewayError } from '../errors/gateway-error.ts'
import type { Guard } from '../http/resilience.ts'
import { createAdminCall } from './admin-call.ts'
import { isStatus } from './admin-errors.ts'
import type { AdminToken } from './admin-token.ts'
import type { GroupView, KeycloakAdmin, UserDetail } from './keycloak-admin.ts'
import { toGroupView, toUserDetail, toUserView } from './views.ts'

export interface HttpKeycloakAdminParts {
  config: AdminConfig
  token: AdminToken
  guard: Guard
  users: Cache<UserDetail>
  groups: Cache<GroupView[]>
}

/** The admin API through @keycloak/keycloak-admin-client, inside bulkhead → retry → breaker → timeout, reads cached. */
export function createHttpKeycloakAdmin({
  config,
  token,
  guard,
  users,
  groups,
}: HttpKeycloakAdminParts): KeycloakAdmin {
  const call = createAdminCall({ config, token, guard })

  async function orNotFound<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (isStatus((error as Error).cause, 404)) throw new GatewayError('USER_NOT_FOUND', { cause: error })
      throw error
    }
  }

  return {
    async findUsers({ first, max, ...filter }) {
      const criteria = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
      const [found, total] = await Promise.all([
        call((kc) => kc.users.find({ ...criteria, first, max, briefRepresentation: true }), Array.isArray),
        call((kc) => kc.users.count(criteria), Number.isSafeInteger),
      ])
      return { users: found.map(toUserView), total }
    },
    user: (id) =>
      users.getOrLoad(id, async () => {
        const found = await orNotFound(call((kc) => kc.users.findOne({ id }), isObjectOrNull))
        if (found === undefined || found === null) throw new GatewayError('USER_NOT_FOUND')
        return toUserDetail(found)
      }),
    lastKnownUser: (id) => users.peek(id),
    groupsOfUser: (id) =>
      groups.getOrLoad(`user ${id}`, async () =>
        (await orNotFound(call((kc) => kc.users.listGroups({ id }), Array.isArray))).map(toGroupView),
      ),
    async groups({ search, first, max }) {
      const criteria = search === undefined ? {} : { search }
      const list = () =>
        call((kc) => kc.groups.find({ ...criteria, first, max, briefRepresentation: true }), Array.isArray)
      const [found, { count }] = await Promise.all([
        groups.getOrLoad(`list ${first} ${max} ${search ?? ''}`, async () => (await list()).map(toGroupView)),
        call((kc) => kc.groups.count(criteria) as Promise<{ count: number }>, holdsCount),
      ])
      return { groups: found, total: count }
    },
  }
}

const isObjectOrNull = (answer: unknown) => typeof answer === 'object' && !Array.isArray(answer)
const holdsCount = (answer: unknown) => Number.isSafeInteger((answer as { count?: unknown } | null)?.count)
