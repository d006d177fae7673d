import type { Router } from 'express'
import { type Authorize, createAuthorize } from '../access/authorize.ts'
import { permissionsOf } from '../access/permissions.ts'
import { createRecordWrite } from '../admin/record-write.ts'
import { createChangeSettings } from '../admin/settings/change-settings.ts'
import { describeRealm, describeRoutes, describeSettings } from '../admin/settings/describe-settings.ts'
import { createRedisSettingsStore } from '../admin/settings/redis-settings-store.ts'
import { settingRoutes } from '../admin/settings/setting-routes.ts'
import { createSettingsInForce, type SettingsInForce } from '../admin/settings/settings-in-force.ts'
import { createMemorySettingsStore } from '../admin/settings/settings-store.ts'
import { letBodyCome } from '../edge/expectation.ts'
import type { Audit } from '../platform/audit/audit.ts'
import { configuredValues } from '../platform/config/changeable-settings.ts'
import type { Config } from '../platform/config/config.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { jsonBody } from '../platform/http/json-body.ts'
import { createReadRealmPolicy } from '../platform/keycloak/accounts/realm-policy.ts'
import type { Administration } from './admin.ts'
import type { Caches } from './caches.ts'
import { connectAdmin } from './connect-admin.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

/** Seconds for which verified tokens are remembered where the keys are not kept at all; as in `bearer.ts`. */
const VERIFIED_WITHOUT_KEYS = 60

export interface SettingDesk {
  inForce: SettingsInForce
  /** Below `/admin`. */
  routes: Router
}

export interface SettingDeskRooms {
  provider: Provider
  caches: Caches
  audit: Pick<Audit, 'change' | 'note'>
  admin: Administration | undefined
}

/** The configuration as administrators see it, and what of it they change while the gateway runs. */
export function assembleSettingDesk(config: Config, foundation: Foundation, rooms: SettingDeskRooms): SettingDesk {
  const { redis, bus, log, setLogLevel, turns } = foundation
  const { setTtl } = rooms.caches.registry
  const configured = configuredValues(config)
  const store =
    redis === undefined || bus === undefined ? createMemorySettingsStore() : createRedisSettingsStore({ redis, bus })
  const inForce = createSettingsInForce({
    ...{ store, configured, log },
    apply: {
      LOG_LEVEL: setLogLevel,
      JWKS_CACHE_TTL(seconds) {
        setTtl('jwks', seconds)
        setTtl('verified_tokens', seconds || VERIFIED_WITHOUT_KEYS)
      },
      USER_INFO_CACHE_TTL(seconds) {
        setTtl('user_info', seconds)
        setTtl('user_lists', seconds)
      },
      GROUP_CACHE_TTL: (seconds) => setTtl('groups', seconds),
      ROLE_CACHE_TTL: (seconds) => setTtl('roles', seconds),
    },
  })
  const recordWrite = createRecordWrite({
    ...{ audit: rooms.audit, log },
    authorize: authorizeFor(rooms.admin),
    forget: async () => undefined,
    inTurn: turns.run,
  })
  const readRealm = realmReader(config, foundation, rooms.provider)
  return {
    inForce,
    routes: settingRoutes({
      changes: inForce.changes,
      settings: () => describeSettings(config.settings, configured, inForce.changes()),
      routes: describeRoutes(config.routes),
      realm: () => describeRealm(readRealm),
      isShared: store.isShared,
      change: createChangeSettings({ settings: inForce, configured, recordWrite }),
      jsonBody: jsonBody(letBodyCome),
    }),
  }
}

function realmReader(config: Config, foundation: Foundation, provider: Provider) {
  if (config.admin === undefined) return undefined
  const target = 'keycloak:realm'
  return createReadRealmPolicy(
    connectAdmin({ config, foundation, provider, account: config.admin, target, needs: 'view-realm' }),
  )
}

/** Where no Keycloak is administered there is nobody to ask: what the token says has to do. */
function authorizeFor(admin: Administration | undefined): Authorize {
  if (admin !== undefined) return createAuthorize(admin)
  return async function byToken(identity, { permission }) {
    if (permissionsOf(identity).has(permission)) return
    throw new GatewayError('INSUFFICIENT_PERMISSIONS', { details: { required: { permission } } })
  }
}
