import type { Router } from 'express'
import { createAuthorize } from '../access/authorize.ts'
import { type ChangeScopes, createChangeScopes } from '../admin/scopes/change-scopes.ts'
import { createReadScopes, type ReadScopes } from '../admin/scopes/read-scopes.ts'
import { createScopeDesk } from '../admin/scopes/scope-desk.ts'
import { scopeRoutes } from '../admin/scopes/scope-routes.ts'
import { letBodyCome } from '../edge/expectation.ts'
import type { AdminConfig, Config } from '../platform/config/config.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { jsonBody } from '../platform/http/json-body.ts'
import { createHttpKeycloakScopes } from '../platform/keycloak/scopes/http-keycloak-scopes.ts'
import type { Administration } from './admin.ts'
import type { AuditTrail } from './audit.ts'
import type { Caches } from './caches.ts'
import { connectAdmin } from './connect-admin.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

export interface ScopeDeskRooms {
  provider: Provider
  caches: Caches
  audit: AuditTrail
}

const MAPPING_NEEDS =
  'manage-clients, and manage-realm or the fine-grained permission map-role-client-scope for roles of the realm (docs/scopes.md)'

/**
 * Where administrators look after scopes. They are read by the service account of the administration and written by the one
 * that registers service clients; roles of the realm are mapped by the one that changes roles, where there is one. What
 * lacks its account answers 501.
 */
export function assembleScopeDesk(
  config: Config,
  foundation: Foundation,
  admin: Administration | undefined,
  rooms: ScopeDeskRooms,
): Router {
  const account = config.admin
  const desk =
    admin === undefined || account === undefined
      ? { read: noReads, change: noWrites('KEYCLOAK_ADMIN_CLIENT_ID') }
      : openDesk(config, foundation, account, admin, rooms)
  return scopeRoutes({ ...desk, jsonBody: jsonBody(letBodyCome), prefix: config.server.managementPrefix })
}

function openDesk(
  config: Config,
  foundation: Foundation,
  account: AdminConfig,
  { users, roles }: Administration,
  { provider, caches, audit }: ScopeDeskRooms,
): { read: ReadScopes; change: ChangeScopes } {
  const { log, turns } = foundation
  const { account: writer, scopes: handedOut } = config.serviceClients
  const reach = (as: AdminConfig, target: string, needs: string) =>
    connectAdmin({ config, foundation, provider, account: as, target, needs })
  const reads = reach(account, 'keycloak:scopes', 'view-clients')
  const nobody = async () => closed('KEYCLOAK_CLIENTS_CLIENT_ID')
  const mapper = config.realmAccount ?? writer
  const scopes = createHttpKeycloakScopes({
    reads,
    writes: writer === undefined ? nobody : reach(writer, 'keycloak:scope-writes', 'manage-clients'),
    mapsRealmRoles: mapper === undefined ? nobody : reach(mapper, 'keycloak:scope-mappings', MAPPING_NEEDS),
  })
  const read = createReadScopes(scopes)
  if (writer === undefined) return { read, change: noWrites('KEYCLOAK_CLIENTS_CLIENT_ID') }
  const desk = createScopeDesk({
    ...{ scopes, roles, handedOut, audit, log },
    inTurn: turns.run,
    authorize: createAuthorize({ roles, users }),
    forget: caches.forgetAdministered,
  })
  return { read, change: createChangeScopes(desk) }
}

function closed(setting: string): never {
  throw new GatewayError('KEYCLOAK_REQUIRED', { reason: `${setting} is not set` })
}

const noRead = async () => closed('KEYCLOAK_ADMIN_CLIENT_ID')
const noReads: ReadScopes = { find: noRead, one: noRead, roles: noRead, use: noRead }

function noWrites(setting: string): ChangeScopes {
  const no = async () => closed(setting)
  return { create: no, change: no, setRoles: no, remove: no }
}
