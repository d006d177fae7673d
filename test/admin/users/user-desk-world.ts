import { createAuthorize } from '../../../src/access/authorize.ts'
import type { Administrator } from '../../../src/admin/administrator.ts'
import { createAssignToUsers } from '../../../src/admin/users/assign-to-users.ts'
import { createChangeUsers } from '../../../src/admin/users/change-users.ts'
import { createSecureUsers } from '../../../src/admin/users/secure-users.ts'
import { createUserDesk } from '../../../src/admin/users/user-desk.ts'
import type { EndReport } from '../../../src/identity/session/end-sessions.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createLocalTurns, type Turns } from '../../../src/platform/redis/turns.ts'
import { the } from '../../support/the.ts'
import { type FakeRealm, fakeRealm, type RealmPlan } from '../fake-realm.ts'
import { memoryTrail } from '../memory-trail.ts'

interface UserDeskOptions {
  deletion?: 'hard' | 'soft'
  /** Shared with another desk. */
  realm?: FakeRealm
  turns?: Turns
  /** Paths of groups that routes ask for. */
  asked?: readonly string[]
}

/** The desk over a realm in memory, with an audit trail in memory and sessions that are only counted. */
export function openUserDesk(plan: RealmPlan, options: UserDeskOptions = {}) {
  const { deletion = 'hard', realm = fakeRealm(plan), turns = createLocalTurns(), asked = [] } = options
  const state = { auditWorks: true, storeWorks: true, keycloakSessions: 'ended' as EndReport['keycloak'] }
  const { audit, rows, told: trail } = memoryTrail(() => state.auditWorks)
  const forgotten: number[] = []
  const renewed: string[] = []
  const { users, roles } = realm
  const desk = createUserDesk({
    ...{ users, roles, audit, log: silentLog },
    inTurn: turns.run,
    isAskedFor: (path) => asked.includes(path),
    authorize: createAuthorize({ roles, users }),
    async endAccess(id) {
      if (!state.storeWorks) throw unavailable('SESSION_STORE_UNAVAILABLE', 'told to fail')
      realm.writes.push(`end sessions ${id}`)
      return { ended: 2, keycloak: state.keycloakSessions }
    },
    renewAccess: async (id) => void renewed.push(id),
    forget: async () => forgotten.push(realm.writes.length),
  })

  return {
    ...{ realm, trail, rows, state, forgotten, renewed },
    change: createChangeUsers(desk, deletion),
    secure: createSecureUsers(desk),
    assign: createAssignToUsers(desk),
    /** Somebody of the realm, with a token of what they hold now (or held when it was issued). */
    as(id: string, held: Iterable<string> = realm.heldBy(id)): Administrator {
      const groups = realm.groupsOf(id).map((group) => `/${group}`)
      const claims = { ...the.caller(), id, username: id, roles: [...held], scopes: [], groups }
      return {
        identity: { method: 'bearer', ...claims, issuer: 'x', tenant: null, accessToken: 't' },
        audited: { actor: { kind: 'user', id, username: id, client: null }, address: null, correlationId: 'req-9' },
      }
    },
  }
}

export type UserDeskWorld = ReturnType<typeof openUserDesk>
