import { createAuthorize } from '../../../src/access/authorize.ts'
import type { Administrator } from '../../../src/admin/administrator.ts'
import { createChangeRoles } from '../../../src/admin/roles/change-roles.ts'
import { createComposeRoles } from '../../../src/admin/roles/compose-roles.ts'
import { createReadRoles } from '../../../src/admin/roles/read-roles.ts'
import { createRoleDesk } from '../../../src/admin/roles/role-desk.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createLocalTurns } from '../../../src/platform/redis/turns.ts'
import { the } from '../../support/the.ts'
import { memoryTrail } from '../memory-trail.ts'
import { fakeRoles, type RolesPlan } from './fake-roles.ts'

/** The desk over roles in memory, with an audit trail in memory; a route asks for `realm:customer`. */
export function openRoleDesk(plan: RolesPlan) {
  const realm = fakeRoles(plan)
  const state = { auditWorks: true, renewalWorks: true }
  const { audit, rows: trail, told } = memoryTrail(() => state.auditWorks)
  const { catalogue, roles, users } = realm
  const renewals: number[] = []
  const forgotten: number[] = []
  const routesAskingFor = (key: string) => (key === 'realm:customer' ? ['orders'] : [])
  const desk = createRoleDesk({
    ...{ catalogue, roles, audit, routesAskingFor, log: silentLog },
    authorize: createAuthorize({ roles, users }),
    inTurn: createLocalTurns().run,
    async renewEveryone() {
      if (!state.renewalWorks) throw unavailable('SESSION_STORE_UNAVAILABLE', 'told to fail')
      renewals.push(realm.writes.length)
    },
    forget: async () => forgotten.push(realm.writes.length),
  })
  return {
    ...{ realm, trail, state, renewals, forgotten },
    read: createReadRoles({ catalogue, roles, routesAskingFor }),
    change: createChangeRoles(desk),
    compose: createComposeRoles(desk),
    /** What the trail says, in words. */
    told: () => told,
    /** Somebody of the realm, with a token of what they hold now, and of these scopes where it is a service. */
    as(id: string, scopes: readonly string[] = []): Administrator {
      const claims = { ...the.caller(), id, username: id, roles: [...realm.heldBy(id)], scopes: [...scopes] }
      return {
        identity: { method: 'bearer', ...claims, issuer: 'x', tenant: null, accessToken: 't' },
        audited: { actor: { kind: 'user', id, username: id, client: null }, address: null, correlationId: 'req-9' },
      }
    },
  }
}

export type RoleDeskWorld = ReturnType<typeof openRoleDesk>
