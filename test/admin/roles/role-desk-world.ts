import { createAuthorize } from '../../../src/access/authorize.ts'
import type { Administrator } from '../../../src/admin/administrator.ts'
import { createChangeRoles } from '../../../src/admin/roles/change-roles.ts'
import { createComposeRoles } from '../../../src/admin/roles/compose-roles.ts'
import { createReadRoles } from '../../../src/admin/roles/read-roles.ts'
import { createRoleDesk } from '../../../src/admin/roles/role-desk.ts'
import { createAudit } from '../../../src/platform/audit/audit.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createLocalTurns } from '../../../src/platform/redis/turns.ts'
import { the } from '../../support/the.ts'
import { fakeRoles, type RolesPlan } from './fake-roles.ts'

/** The desk over roles in memory, with an audit trail in memory; a route asks for `realm:customer`. */
export function openRoleDesk(plan: RolesPlan) {
  const realm = fakeRoles(plan)
  const trail: { action: string; outcome: string; before: string | null; after: string | null }[] = []
  const state = { auditWorks: true, renewalWorks: true }
  const audit = createAudit({
    queue: {
      push: (row: (typeof trail)[number]) => void trail.push(row),
      async store(entry) {
        if (!state.auditWorks) throw unavailable('AUDIT_UNAVAILABLE', 'told to fail')
        trail.push(entry)
      },
    },
    fold: (write) => ({ take: write, close: () => undefined }),
    now: () => 0,
  })
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
    told: () => trail.map(({ action, outcome }) => `${action} ${outcome}`),
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
