import express, { type RequestHandler, Router } from 'express'
import type { Clock } from '../clock.ts'
import { KeycloakError, plainError } from '../http/keycloak-error.ts'
import { createAdminGuard } from './admin-guard.ts'
import { type AdminHandler, pathPart } from './admin-request.ts'
import { mountClientScopes } from './client-scopes-resource.ts'
import { mountClients } from './clients-resource.ts'
import { mountEvents } from './events-resource.ts'
import { mountGroups } from './groups-resource.ts'
import { mountKeys } from './keys-resource.ts'
import { mountOwnAccounts } from './own-account-resource.ts'
import { mountRealms, type RealmRegistry } from './realms-resource.ts'
import { recordAdminEvent } from './record-admin-event.ts'
import { mountRoleMappings } from './role-mappings-resource.ts'
import { mountRoleWrites } from './role-writes-resource.ts'
import { mountRoles } from './roles-resource.ts'
import { mountScopeMappings } from './scope-mappings-resource.ts'
import { mountServiceClients } from './service-clients-resource.ts'
import { mountSessions } from './sessions-resource.ts'
import { mountUserSettings } from './user-settings-resource.ts'
import { mountUserGroups, mountUsers } from './users-resource.ts'

/**
 * The part of Keycloak's admin API that Cloakroom and its journeys use, below `/admin/realms`, guarded by the same
 * roles. What is not here is answered with 404.
 */
export function createAdminRouter(realms: RealmRegistry, clock: Clock): Router {
  const guard = createAdminGuard(realms.find, clock)

  const on =
    (handler: AdminHandler): RequestHandler =>
    async (req, res) => {
      const realm = realms.find(pathPart(req, 'realm'))
      const admin = await guard(req, realm)
      if (!realm) throw new KeycloakError(404, { error: 'Realm not found.' })
      const call = { realm, admin, req, res }
      await handler(call)
      recordAdminEvent(call, clock.now())
    }

  const onServer =
    (handler: AdminHandler): RequestHandler =>
    async (req, res) => {
      const master = realms.find('master')
      if (!master) throw plainError(404)
      await handler({ realm: master, admin: await guard(req, undefined), req, res })
    }

  const router = Router({ mergeParams: true })
  router.use(express.text({ type: () => true, limit: '10mb' }))
  mountRealms(router, on, onServer, realms)
  const inRealm = Router({ mergeParams: true })
  mountUserSettings(inRealm, on)
  mountUsers(inRealm, on, clock)
  mountOwnAccounts(inRealm, on, clock)
  mountUserGroups(inRealm, on)
  mountRoleMappings(inRealm, on)
  mountRoles(inRealm, on)
  mountRoleWrites(inRealm, on)
  mountGroups(inRealm, on)
  mountSessions(inRealm, on, clock)
  mountKeys(inRealm, on)
  mountEvents(inRealm, on)
  mountClients(inRealm, on)
  mountServiceClients(inRealm, on, clock)
  mountClientScopes(inRealm, on)
  mountScopeMappings(inRealm, on)
  router.use('/:realm', inRealm)
  return router
}
