import type { Router } from 'express'
import { createAuthorize } from '../access/authorize.ts'
import { letBodyCome } from '../edge/expectation.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { AdminConfig, Config } from '../platform/config/config.ts'
import { jsonBody } from '../platform/http/json-body.ts'
import { createHttpKeycloakServiceClients } from '../platform/keycloak/clients/http-keycloak-service-clients.ts'
import type { CutOffs } from '../revocation/cut-offs.ts'
import { createChangeScopes } from '../service-clients/change-scopes.ts'
import { createClientInput } from '../service-clients/client-input.ts'
import { createGrants, type MayGive } from '../service-clients/grants.ts'

import { createRegisterClient } from '../service-clients/register-client.ts'
import { serviceClientRoutes } from '../service-clients/service-client-routes.ts'
import { createServiceClients, type ServiceClients } from '../service-clients/service-clients.ts'
import type { Administration } from './admin.ts'
import type { Caches } from './caches.ts'
import { connectAdmin } from './connect-admin.ts'
import { forgetAfter } from './forget-after.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

/** `/api/v1/clients`: service clients. */
export function assembleServiceClients(
  config: Config,
  foundation: Foundation,
  provider: Provider,
  cutOffs: Pick<CutOffs, 'raise'>,
  audit: Pick<Audit, 'change'>,
  admin: Administration | undefined,
  caches: Pick<Caches, 'forgetIntrospections'>,
): Router {
  const clients = connect(config, foundation, provider, cutOffs, admin)
  return serviceClientRoutes({
    clients: clients === undefined ? undefined : forgetting(clients, caches.forgetIntrospections),
    input: createClientInput(config.serviceClients),
    audit,
    jsonBody: jsonBody(letBodyCome),
  })
}

function connect(
  config: Config,
  foundation: Foundation,
  provider: Provider,
  cutOffs: Pick<CutOffs, 'raise'>,
  admin: Administration | undefined,
): ServiceClients | undefined {
  const { clock, log, turns } = foundation
  const { account, prefix, scopes } = config.serviceClients
  if (account === undefined || config.admin === undefined || admin === undefined) return undefined
  const reach = (as: AdminConfig, target: string, needs: string) =>
    connectAdmin({ config, foundation, provider, account: as, target, needs })
  const keycloak = createHttpKeycloakServiceClients({
    clients: reach(account, 'keycloak:clients', 'the right to manage clients'),
    users: reach(config.admin, 'keycloak:client-roles', 'manage-users'),
    clock,
  })
  const grants = createGrants(keycloak, scopes, mayGiveBy(admin))
  return createServiceClients({
    keycloak,
    prefix,
    scopes,
    grants,
    register: createRegisterClient({ keycloak, grants, prefix, clock, log }),
    changeScopes: createChangeScopes({ keycloak, log }),
    endAccess: (subject, at) => cutOffs.raise({ kind: 'end', subject, at }),
    inTurn: (id, work) => turns.run(`client ${id}`, work),
    clock,
  })
}

/** What a client was told of tokens counts no more once the client has changed. */
function forgetting(clients: ServiceClients, forget: () => Promise<unknown>): ServiceClients {
  return {
    ...clients,
    change: forgetAfter(clients.change, forget),
    setScopes: forgetAfter(clients.setScopes, forget),
    rotateSecret: forgetAfter(clients.rotateSecret, forget),
    setEnabled: forgetAfter(clients.setEnabled, forget),
    remove: forgetAfter(clients.remove, forget),
  }
}

/** By the rules for all who give roles, from what Keycloak says now. */
function mayGiveBy({ roles, users }: Administration): MayGive {
  const authorize = createAuthorize({ roles, users })
  return (by, given) =>
    authorize(by, {
      permission: 'clients.write',
      grants: given.map(({ id, name, composite, owner }) => ({
        ...{ id, name, composite, description: null },
        key: owner === null ? `realm:${name}` : `client:${owner.clientId}:${name}`,
        clientUuid: owner?.id ?? null,
      })),
    })
}
