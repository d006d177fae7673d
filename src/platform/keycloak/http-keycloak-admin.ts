import type { Cache } from '../cache/cache.ts'
import type { AdminConfig } from '../config/config.ts'
import { GatewayError } from '../errors/gateway-error.ts'
import { DependencyFailure } from '../http/dependency-failure.ts'
import type { Guard } from '../http/resilience.ts'
import { adminError, asDependencyFailure, isStatus } from './admin-errors.ts'
import type { AdminToken } from './admin-token.ts'
import type { GroupView, KeycloakAdmin, UserView } from './keycloak-admin.ts'
import { toGroupView, toUserView } from './views.ts'

type AdminClient = InstanceType<typeof import('@keycloak/keycloak-admin-client').default>

export interface HttpKeycloakAdminParts {
  config: AdminConfig
  token: AdminToken
  guard: Guard
  users: Cache<UserView>
  groups: Cache<GroupView[]>
}

const CALL_TIMEOUT_MS = 5_000

/** The admin API through @keycloak/keycloak-admin-client, inside bulkhead → retry → breaker → timeout, reads cached. */
export function createHttpKeycloakAdmin({
  config,
  token,
  guard,
  users,
  groups,
}: HttpKeycloakAdminParts): KeycloakAdmin {
  let pending: Promise<AdminClient> | undefined

  /** Loaded when first needed: the library is heavy and the hot path does without it. */
  function client(): Promise<AdminClient> {
    pending ??= import('@keycloak/keycloak-admin-client').then(({ default: Client }) => {
      const made = new Client({ baseUrl: config.baseUrl, realmName: config.realm, timeout: CALL_TIMEOUT_MS })
      made.registerTokenProvider({ getAccessToken: token.get })
      return made
    })
    return pending
  }

  async function call<T>(operation: (kc: AdminClient) => Promise<T>, fits: (answer: unknown) => boolean): Promise<T> {
    const kc = await client()
    const attempt = () =>
      guard.execute(async () => {
        try {
          const answer = await operation(kc)
          if (!fits(answer)) throw new DependencyFailure('server-error', 'the admin API gave an answer of another kind')
          return answer
        } catch (error) {
          throw asDependencyFailure(error)
        }
      })
    try {
      return await attempt().catch((error: unknown) => {
        if (!isStatus(error, 401)) throw error
        // The token may have been revoked, or the keys changed: ask once more with a new one.
        token.forget()
        return attempt()
      })
    } catch (error) {
      throw adminError(error)
    }
  }

  async function orNotFound<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (isStatus((error as Error).cause, 404)) throw new GatewayError('USER_NOT_FOUND', { cause: error })
      throw error
    }
  }

  return {
    async findUsers({ search, first, max }) {
      const criteria = search === undefined ? {} : { search }
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
        return toUserView(found)
      }),
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

// A proxy or a login page in front of Keycloak answers 200 too; what it says is no answer.
const isObjectOrNull = (answer: unknown) => typeof answer === 'object' && !Array.isArray(answer)
const holdsCount = (answer: unknown) => Number.isSafeInteger((answer as { count?: unknown } | null)?.count)
