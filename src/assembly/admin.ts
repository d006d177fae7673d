import type { CustomFetch } from 'openid-client'
import type { RolesOfUser } from '../admin/users/assign-to-users.ts'
import type { Cache } from '../platform/cache/cache.ts'
import type { Config } from '../platform/config/config.ts'
import type { GuardOptions } from '../platform/http/resilience.ts'
import { createHttpKeycloakAccounts } from '../platform/keycloak/accounts/http-keycloak-accounts.ts'
import type { KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import { createAdminToken } from '../platform/keycloak/admin-api/admin-token.ts'
import { createHttpKeycloakAdmin, showAdminKey } from '../platform/keycloak/people/http-keycloak-admin.ts'
import type { GroupList, KeycloakAdmin, UserDetail, UserList } from '../platform/keycloak/people/keycloak-admin.ts'
import { createHttpKeycloakRoles } from '../platform/keycloak/roles/http-keycloak-roles.ts'
import type { KeycloakRoles } from '../platform/keycloak/roles/keycloak-roles.ts'
import { createHttpKeycloakSessions } from '../platform/keycloak/sessions/http-keycloak-sessions.ts'
import type { KeycloakSessions } from '../platform/keycloak/sessions/keycloak-sessions.ts'
import { createHttpKeycloakUsers } from '../platform/keycloak/users/http-keycloak-users.ts'
import type { KeycloakUsers } from '../platform/keycloak/users/keycloak-users.ts'
import type { Caches } from './caches.ts'
import { checkTurn } from './check-turn.ts'
import { forgetAfter } from './forget-after.ts'
import type { Foundation } from './foundation.ts'
import { paceAnswers } from './pace-answers.ts'
import type { Provider } from './provider.ts'

const CALL_MS = 6_000
/** More at once only wait in Keycloak instead of here, and come back together. */
const ADMIN_CALLS = { concurrency: 16, queue: 512 }
/** Keycloak answers once its mail server has taken the mail. */
const MAIL_MS = 15_000
/** How long what is known may still be shown, marked, while Keycloak is away. */
const STALE_SECONDS = 3_600

export interface Administration {
  people: KeycloakAdmin
  sessions: KeycloakSessions
  accounts: KeycloakAccounts
  roles: KeycloakRoles
  rolesOfUsers: Cache<RolesOfUser>
  users: KeycloakUsers
  /** Whether reads fail so often that their breaker is open. */
  isAway: () => boolean
}

/** Keycloak's administration, or undefined where no service account for it is configured. */
export function assembleAdmin(
  config: Config,
  { guard: makeGuard, turns, turnstile }: Foundation,
  caches: Caches,
  provider: Provider,
): Administration | undefined {
  const tokens = caches.make<string>('admin_token', config.caches.adminToken)
  const users = caches.make<UserDetail>('user_info', config.caches.userInfo, { keepStale: STALE_SECONDS })
  const lists = { keepStale: STALE_SECONDS, showKey: showAdminKey }
  const userLists = caches.make<UserList>('user_lists', config.caches.userInfo, lists)
  const groups = caches.make<GroupList>('groups', config.caches.groups, lists)
  const rolesOfUsers = caches.make<RolesOfUser>('roles', config.caches.roles, { keepStale: STALE_SECONDS })
  if (config.admin === undefined) return undefined
  const guard = (options: GuardOptions) => paceAnswers(makeGuard({ ...ADMIN_CALLS, ...options }), turnstile)
  const token = createAdminToken({
    config: config.admin,
    configuration: provider.configuration,
    fetch: provider.tokenFetch as CustomFetch,
    cache: tokens,
  })
  const readGuard = guard({ target: 'keycloak:admin', timeoutMs: CALL_MS, retries: 1 })
  const reads = {
    config: config.admin,
    token,
    guard: readGuard,
  }
  // A write whose answer was lost may have been carried out: it is never repeated.
  const writes = { ...reads, guard: checkTurn(guard({ target: 'keycloak:admin-writes', timeoutMs: CALL_MS }), turns) }
  // Keycloak tells every client before it answers, which may take long: asked once, and not in the way of the others.
  const sessions = createHttpKeycloakSessions({
    ...{ config: config.admin, token },
    guard: guard({ target: 'keycloak:sessions', timeoutMs: CALL_MS }),
  })
  return {
    people: createHttpKeycloakAdmin({
      ...reads,
      ...{ users, userLists, groups },
    }),
    roles: createHttpKeycloakRoles(reads, writes),
    rolesOfUsers,
    isAway: () => readGuard.state().state !== 'closed',
    // With a session the tokens end that rest on it.
    sessions: { ...sessions, end: forgetAfter(sessions.end, caches.forgetIntrospections) },
    users: createHttpKeycloakUsers(reads, writes),
    accounts: createHttpKeycloakAccounts({
      config: config.admin,
      token,
      guard: guard({ target: 'keycloak:accounts', timeoutMs: CALL_MS }),
      mailGuard: guard({ target: 'keycloak:mail', timeoutMs: MAIL_MS }),
      signInClientId: config.provider.clientId,
    }),
  }
}
