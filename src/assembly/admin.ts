import type { CustomFetch } from 'openid-client'
import type { Config } from '../platform/config/config.ts'
import { createAdminToken } from '../platform/keycloak/admin-token.ts'
import { createHttpKeycloakAdmin } from '../platform/keycloak/http-keycloak-admin.ts'
import type { GroupView, KeycloakAdmin, UserView } from '../platform/keycloak/keycloak-admin.ts'
import type { Caches } from './caches.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

const CALL_MS = 6_000

/** Keycloak's administration, or undefined where no service account for it is configured. */
export function assembleAdmin(
  config: Config,
  { guard }: Foundation,
  caches: Caches,
  provider: Provider,
): KeycloakAdmin | undefined {
  const tokens = caches.make<string>('admin_token', config.caches.adminToken)
  const users = caches.make<UserView>('user_info', config.caches.userInfo)
  const groups = caches.make<GroupView[]>('groups', config.caches.groups)
  if (config.admin === undefined) return undefined
  const token = createAdminToken({
    config: config.admin,
    configuration: provider.configuration,
    fetch: provider.tokenFetch as CustomFetch,
    cache: tokens,
  })
  return createHttpKeycloakAdmin({
    config: config.admin,
    token,
    guard: guard({ target: 'keycloak:admin', timeoutMs: CALL_MS, retries: 1 }),
    users,
    groups,
  })
}
