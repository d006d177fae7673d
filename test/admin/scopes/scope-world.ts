import { createAuthorize } from '../../../src/access/authorize.ts'
import { createChangeScopes } from '../../../src/admin/scopes/change-scopes.ts'
import { createReadScopes } from '../../../src/admin/scopes/read-scopes.ts'
import { createScopeDesk } from '../../../src/admin/scopes/scope-desk.ts'
import { scopeRoutes } from '../../../src/admin/scopes/scope-routes.ts'
import type { Identity } from '../../../src/identity/identity.ts'
import { createLog } from '../../../src/platform/observability/log.ts'
import { createLocalTurns } from '../../../src/platform/redis/turns.ts'
import { the } from '../../support/the.ts'
import { fakeRealm, type RealmPlan } from '../fake-realm.ts'
import { memoryTrail } from '../memory-trail.ts'
import { serveDesk } from '../serve-desk.ts'
import { fakeScopes, type ScopePlan } from './fake-scopes.ts'

const REALM: RealmPlan = {
  roles: {
    'realm:admin': [],
    'realm:customer': [],
    'realm:whole': ['realm:customer', 'client:shop:read'],
    'realm:default-roles-x': ['client:account:manage-account'],
    'client:shop:read': [],
    'client:shop:write': [],
    'client:shop:power': ['client:realm-management:manage-users'],
    'client:realm-management:manage-users': [],
    'client:account:manage-account': [],
    'client:broker:read-token': [],
  },
  people: {
    ada: { roles: ['realm:admin'] },
    ann: { roles: ['realm:customer'] },
    // A service client: what it may do stands in the scopes of its token.
    robot: { roles: ['client:shop:read'] },
  },
}
const SCOPES: ScopePlan = {
  profile: { fields: { description: 'OpenID Connect built-in scope: profile' } },
  'orders.read': { roles: ['client:shop:read'] },
  'orders.write': { roles: ['client:shop:write'], fields: { description: 'Place orders', resource: 'shop' } },
  plain: {},
  'admin:users.write': {},
  'given.out': {},
  managing: { roles: ['client:realm-management:manage-users'] },
  used: { usedBy: { clients: [{ id: 'u1', clientId: 'svc-till', as: 'always' }], ofNewClients: null } },
  'of-new': { usedBy: { clients: [], ofNewClients: 'on request' } },
}

/** Who calls: somebody of the realm, and with which scopes in the token. */
export interface Caller {
  id: string
  scopes?: readonly string[]
}

/** The endpoints for scopes, on HTTP, over a realm in memory; ada is calling unless it is said. */
export async function serveScopes(plan: ScopePlan = SCOPES) {
  const realm = fakeRealm(REALM)
  const scopes = fakeScopes(plan, realm.roles)
  const { audit, rows, told } = memoryTrail()
  const logged: string[] = []
  const forgotten: number[] = []
  const { users, roles } = realm
  const desk = createScopeDesk({
    ...{ scopes: scopes.port, roles, audit, handedOut: ['given.out', 'orders.read'] },
    log: createLog({ level: 'debug', write: (text) => void logged.push(text) }),
    inTurn: createLocalTurns().run,
    authorize: createAuthorize({ roles, users }),
    forget: async () => forgotten.push(scopes.writes.length),
  })
  let caller: Caller = { id: 'ada' }
  function identity(): Identity {
    const { id, scopes: held = [] } = caller
    const username = id === 'robot' ? 'service-account-robot' : id
    const claims = { ...the.caller(), id, username, roles: [...realm.heldBy(id)], scopes: [...held] }
    return { method: 'bearer', ...claims, issuer: 'x', tenant: null, accessToken: 't' }
  }
  const served = await serveDesk({
    routers: (jsonBody) => [
      scopeRoutes({
        ...{ read: createReadScopes(scopes.port), change: createChangeScopes(desk) },
        ...{ jsonBody, prefix: '/api/v1' },
      }),
    ],
    caller: identity,
  })

  return {
    ...{ scopes, rows, logged, forgotten },
    ...served,
    trail: () => told,
    callAs: (next: Caller) => {
      caller = next
    },
  }
}

export type ScopeWorld = Awaited<ReturnType<typeof serveScopes>>
