import { CHANGEABLE, type ChangeableSetting, type ChangeableValues } from '../../platform/config/changeable-settings.ts'
import type { RouteConfig } from '../../platform/config/routes-schema.ts'
import type { SettingView } from '../../platform/config/setting-view.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { ReadRealmPolicy, RealmPolicy } from '../../platform/keycloak/accounts/realm-policy.ts'
import { redactText } from '../../platform/observability/redact-text.ts'
import type { Changes } from './settings-document.ts'

/** One setting as administrators see it. */
export interface ShownSetting extends Omit<SettingView, 'value'> {
  /** In force at this moment; null for secrets and for what is not set. */
  value: string | number | null
  /** By the environment and the defaults alone. */
  configured: string | number | null
  source: 'default' | 'environment' | 'runtime'
  isChangeable: boolean
}

export type ShownRealm = { state: 'known'; policy: RealmPolicy } | { state: 'unknown'; reason: string }

/** All settings, those with changes as they were changed. */
export function describeSettings(
  views: readonly SettingView[],
  configured: ChangeableValues,
  changes: Readonly<Changes>,
): ShownSetting[] {
  return views.map((view) => {
    // A second look at what the schema does not call a secret: an address could carry one all the same.
    const written = view.value === null ? null : redactText(view.value)
    const unchanged = { ...view, default: view.default, configured: written, value: written }
    const source = view.isSet ? ('environment' as const) : ('default' as const)
    const { name } = view
    if (!isChangeable(name)) return { ...unchanged, source, isChangeable: false }
    const change = changes[name]
    return {
      ...unchanged,
      configured: configured[name],
      value: change ?? configured[name],
      source: change === undefined ? source : 'runtime',
      isChangeable: true,
    }
  })
}

function isChangeable(name: string): name is ChangeableSetting {
  return CHANGEABLE.some((one) => one === name)
}

/** The routes as they are served; the file holds no secrets and its addresses may not carry any. */
export function describeRoutes(routes: readonly RouteConfig[]) {
  return routes.map(({ id, path, upstream, stripPath, auth, methods, require, token, websocket, ...rest }) => ({
    ...{ id, path, upstream, stripPath, auth, methods, require, token, websocket },
    ...{ http2: rest.http2, hasOwnTls: rest.tls !== undefined },
    timeout: rest.timeout,
    rateLimit: rest.rateLimit ?? null,
    maxBody: rest.maxBody ?? null,
    passesCookies: rest.cookies === 'pass',
    passesSetCookie: rest.setCookie === 'pass',
  }))
}

const REASONS: Record<string, string> = {
  KEYCLOAK_UNAVAILABLE: 'Keycloak cannot be reached at the moment.',
  KEYCLOAK_REFUSED:
    'Keycloak does not show its realm to the service account of the gateway; give it the role view-realm.',
}

/** @param read undefined where no Keycloak is administered */
export async function describeRealm(read: ReadRealmPolicy | undefined): Promise<ShownRealm> {
  if (read === undefined)
    return { state: 'unknown', reason: 'No Keycloak is administered: KEYCLOAK_ADMIN_CLIENT_ID is not set.' }
  try {
    return { state: 'known', policy: await read() }
  } catch (error) {
    const reason = error instanceof GatewayError ? REASONS[error.code] : undefined
    if (reason === undefined) throw error
    return { state: 'unknown', reason }
  }
}
