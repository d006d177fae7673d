import type { Router } from 'express'
import { createAuthorize } from '../access/authorize.ts'
import { type ChangeRoles, createChangeRoles } from '../admin/roles/change-roles.ts'
import { type ComposeRoles, createComposeRoles } from '../admin/roles/compose-roles.ts'
import { createReadRoles, type ReadRoles } from '../admin/roles/read-roles.ts'
import { createRoleDesk } from '../admin/roles/role-desk.ts'
import { roleRoutes } from '../admin/roles/role-routes.ts'
import { letBodyCome } from '../edge/expectation.ts'
import type { AdminConfig, Config } from '../platform/config/config.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { jsonBody } from '../platform/http/json-body.ts'
import { createHttpKeycloakRoleCatalogue } from '../platform/keycloak/roles/http-keycloak-role-catalogue.ts'
import type { Administration } from './admin.ts'
import type { AuditTrail } from './audit.ts'
import type { Caches } from './caches.ts'
import { connectAdmin } from './connect-admin.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { Revocation } from './revocation.ts'

export interface RoleDeskRooms {
  provider: Provider
  revocation: Pick<Revocation, 'cutOffs'>
  caches: Caches
  audit: AuditTrail
}

interface Desk {
  read: ReadRoles
  change: ChangeRoles
  compose: ComposeRoles
}

/** Where administrators look after roles; everything answers 501 where no Keycloak is administered. */
export function assembleRoleDesk(
  config: Config,
  foundation: Foundation,
  admin: Administration | undefined,
  rooms: RoleDeskRooms,
): Router {
  const desk = admin === undefined || config.admin === undefined ? closedDesk() : openDesk(config.admin, admin)

  function openDesk(account: AdminConfig, { roles, users }: Administration): Desk {
    const { clock, log, turns } = foundation
    const { provider, revocation, caches, audit } = rooms
    const reach = (as: AdminConfig, target: string, needs: string) =>
      connectAdmin({ config, foundation, provider, account: as, target, needs })
    const { realmAccount } = config
    const { account: clientsAccount } = config.serviceClients
    const catalogue = createHttpKeycloakRoleCatalogue({
      reads: reach(account, 'keycloak:roles', 'view-realm, view-clients and view-users'),
      ofRealm:
        realmAccount &&
        reach(realmAccount, 'keycloak:realm-roles', 'manage-realm, and for mixed composites manage-clients'),
      ofClients: clientsAccount && reach(clientsAccount, 'keycloak:roles-of-clients', 'manage-clients'),
    })
    const routesAskingFor = (key: string) =>
      config.routes.filter(({ require }) => require.roles.includes(key)).map(({ id }) => id)
    const parts = createRoleDesk({
      ...{ catalogue, roles, routesAskingFor, audit, log },
      authorize: createAuthorize({ roles, users }),
      inTurn: turns.run,
      renewEveryone: () => revocation.cutOffs.raise({ kind: 'renew', subject: null, at: clock.now() }),
      forget: caches.forgetAdministered,
    })
    return {
      read: createReadRoles({ catalogue, roles, routesAskingFor }),
      change: createChangeRoles(parts),
      compose: createComposeRoles(parts),
    }
  }

  return roleRoutes({ ...desk, jsonBody: jsonBody(letBodyCome), prefix: config.server.managementPrefix })
}

function closedDesk(): Desk {
  const closed = async (): Promise<never> => {
    throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'KEYCLOAK_ADMIN_CLIENT_ID is not set' })
  }
  return {
    read: { find: closed, one: closed, composites: closed, holders: closed, usage: closed },
    change: { create: closed, change: closed, remove: closed },
    compose: { add: closed, take: closed },
  }
}
