import { createRecordWrite } from '../../../src/admin/record-write.ts'
import { createChangeSettings } from '../../../src/admin/settings/change-settings.ts'
import { describeRealm, describeRoutes, describeSettings } from '../../../src/admin/settings/describe-settings.ts'
import { settingRoutes } from '../../../src/admin/settings/setting-routes.ts'
import { createSettingsInForce } from '../../../src/admin/settings/settings-in-force.ts'
import { createMemorySettingsStore } from '../../../src/admin/settings/settings-store.ts'
import type { Identity } from '../../../src/identity/identity.ts'
import type { AuditEvent } from '../../../src/platform/audit/audit-event.ts'
import { configuredValues } from '../../../src/platform/config/changeable-settings.ts'
import { GatewayError, unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { configOf, least } from '../../platform/config/config-of.ts'
import { the } from '../../support/the.ts'
import { serveDesk } from '../serve-desk.ts'

const ada: Identity = {
  method: 'bearer',
  ...the.caller(),
  roles: ['realm:admin'],
  issuer: 'x',
  tenant: null,
  accessToken: 't',
}
const ROUTES = [
  { id: 'orders', path: '/api/orders', upstream: 'http://orders:9001', auth: ['session'], cookies: 'pass' },
]

/** The endpoints for settings, on HTTP, over a store in memory; ada is calling. */
export async function serveSettings(env: Record<string, string> = {}) {
  const config = configOf({ ...least, GATEWAY_CONFIG: 'gateway.yaml', ...env }, ROUTES)
  const configured = configuredValues(config)
  const state = { isRefused: false, isStoreAway: false, isAuditAway: false, isKeycloakAway: false }
  const applied: string[] = []
  const audited: AuditEvent[] = []
  const store = createMemorySettingsStore()
  const note = (name: string) => (value: unknown) => void applied.push(`${name}=${value}`)
  const inForce = createSettingsInForce({
    store: {
      ...store,
      async read() {
        if (state.isStoreAway) throw unavailable('SETTINGS_UNAVAILABLE', 'told to be away')
        return store.read()
      },
    },
    configured,
    apply: {
      LOG_LEVEL: note('LOG_LEVEL'),
      JWKS_CACHE_TTL: note('JWKS_CACHE_TTL'),
      USER_INFO_CACHE_TTL: note('USER_INFO_CACHE_TTL'),
      GROUP_CACHE_TTL: note('GROUP_CACHE_TTL'),
      ROLE_CACHE_TTL: note('ROLE_CACHE_TTL'),
    },
    log: silentLog,
  })
  const recordWrite = createRecordWrite({
    async authorize() {
      if (state.isRefused) throw new GatewayError('INSUFFICIENT_PERMISSIONS')
    },
    audit: {
      note: (event) => void audited.push(event),
      async change(event, change, describe = () => ({})) {
        if (state.isAuditAway) throw unavailable('AUDIT_UNAVAILABLE', 'told to be away')
        const result = await change()
        audited.push({ ...event, outcome: 'ok', ...describe(result) })
        return result
      },
    },
    forget: async () => undefined,
    inTurn: (_name, work) => work(),
    log: silentLog,
  })
  const readRealm = async (): Promise<never> => {
    throw state.isKeycloakAway
      ? unavailable('KEYCLOAK_UNAVAILABLE', 'told to be away')
      : new GatewayError('KEYCLOAK_REFUSED', { reason: 'told to refuse' })
  }
  const served = await serveDesk({
    routers: (jsonBody) => [
      settingRoutes({
        changes: inForce.changes,
        settings: () => describeSettings(config.settings, configured, inForce.changes()),
        routes: describeRoutes(config.routes),
        realm: () => describeRealm(readRealm),
        isShared: store.isShared,
        change: createChangeSettings({ settings: inForce, configured, recordWrite }),
        jsonBody,
      }),
    ],
    caller: () => ada,
  })
  return { ...served, state, applied, audited, store }
}
