import type { Cache } from '../../cache/cache.ts'
import type { AdminConfig } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Guard } from '../../http/resilience.ts'
import { createAdminCall } from '../admin-api/admin-call.ts'
import { isStatus } from '../admin-api/admin-errors.ts'
import type { AdminToken } from '../admin-api/admin-token.ts'
import type { GroupList, GroupQuery, KeycloakAdmin, UserDetail, UserList, UserQuery } from './keycloak-admin.ts'
import { toGroupView, toUserDetail, toUserView } from './views.ts'

export interface HttpKeycloakAdminParts {
  config: AdminConfig
  token: AdminToken
  guard: Guard
  users: Cache<UserDetail>
  /** For while Keycloak is away only: whoever searches wants to see what is there. */
  userLists: Cache<UserList>
  groups: Cache<GroupList>
}

/** The admin API through @keycloak/keycloak-admin-client, inside bulkhead → retry → breaker → timeout, reads cached. */
export function createHttpKeycloakAdmin(parts: HttpKeycloakAdminParts): KeycloakAdmin {
  const { users, userLists, groups } = parts
  const call = createAdminCall(parts)

  async function orNotFound<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (isStatus((error as Error).cause, 404)) throw new GatewayError('USER_NOT_FOUND', { cause: error })
      throw error
    }
  }

  async function findUsers({ first, max, ...filter }: UserQuery): Promise<UserList> {
    const criteria = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
    const found = await call(
      (kc) => kc.users.find({ ...criteria, first, max, briefRepresentation: true }),
      Array.isArray,
    )
    // Where the last page is seen, nothing needs to be counted, which with many users takes Keycloak longer than finding.
    const isLast = found.length < max && (found.length > 0 || first === 0)
    const total = isLast ? first + found.length : await call((kc) => kc.users.count(criteria), Number.isSafeInteger)
    return { users: found.map(toUserView), total }
  }

  async function findGroups({ search, first, max }: GroupQuery): Promise<GroupList> {
    const criteria = search === undefined ? {} : { search }
    const [found, { count }] = await Promise.all([
      call((kc) => kc.groups.find({ ...criteria, first, max, briefRepresentation: true }), Array.isArray),
      // The list is of those at the top, unless it is searched: then those below count too, and pages are of matches.
      call(
        (kc) => kc.groups.count(search === undefined ? { top: true } : criteria) as Promise<{ count: number }>,
        holdsCount,
      ),
    ])
    return { groups: found.map(toGroupView), total: count }
  }

  async function findGroupsOf(id: string): Promise<GroupList> {
    const found = await orNotFound(call((kc) => kc.users.listGroups({ id }), Array.isArray))
    return { groups: found.map(toGroupView), total: found.length }
  }

  return {
    findUsers: (query) => userLists.reload(listKey(query), () => findUsers(query)),
    user: (id) =>
      users.getOrLoad(id, async () => {
        const found = await orNotFound(call((kc) => kc.users.findOne({ id }), isObjectOrNull))
        if (found === undefined || found === null) throw new GatewayError('USER_NOT_FOUND')
        return toUserDetail(found)
      }),
    groupsOfUser: async (id) => (await groups.getOrLoad(ofUser(id), () => findGroupsOf(id))).groups,
    groups: (query) => groups.getOrLoad(listKey(query), () => findGroups(query)),
    lastKnown: {
      user: (id) => users.peek(id),
      users: (query) => userLists.peek(listKey(query)),
      groups: (query) => groups.peek(listKey(query)),
      groupsOfUser(id) {
        const known = groups.peek(ofUser(id))
        return known === undefined ? undefined : { value: known.value.groups, ageMs: known.ageMs }
      },
    },
  }
}

const ofUser = (id: string) => `user ${id}`

/** One key for one question, whatever the order of its members. */
function listKey({ first, max, ...filter }: UserQuery | GroupQuery): string {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined)
  return `list ${first} ${max} ${JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)))}`
}

/** What `/cache/info` shows of a key: not what was searched for, which may be a name. */
export function showAdminKey(key: string): string {
  return key.split(' ').slice(0, 3).join(' ')
}

const isObjectOrNull = (answer: unknown) => typeof answer === 'object' && !Array.isArray(answer)
const holdsCount = (answer: unknown) => Number.isSafeInteger((answer as { count?: unknown } | null)?.count)
