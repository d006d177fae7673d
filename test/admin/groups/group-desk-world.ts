import { createAuthorize } from '../../../src/access/authorize.ts'
import { createAssignToGroups } from '../../../src/admin/groups/assign-to-groups.ts'
import { createChangeGroups } from '../../../src/admin/groups/change-groups.ts'
import { createGroupDesk } from '../../../src/admin/groups/group-desk.ts'
import type { MembersConcerned } from '../../../src/admin/groups/members-of.ts'
import { createMoveGroup } from '../../../src/admin/groups/move-groups.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createLocalTurns } from '../../../src/platform/redis/turns.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { memoryTrail } from '../memory-trail.ts'
import { openUserDesk } from '../users/user-desk-world.ts'
import { fakeGroupRealm } from './fake-groups.ts'

/** The desks for groups and for users over one realm in memory, with an audit trail in memory. */
export function openGroupDesk(plan: RealmPlan) {
  const fake = fakeGroupRealm(plan)
  const turns = createLocalTurns()
  const users = openUserDesk(plan, { realm: fake.realm, turns })
  const state = { auditWorks: true, cutOffsWork: true }
  const { audit, rows, told } = memoryTrail(() => state.auditWorks)
  const forgotten: number[] = []
  const renewed: MembersConcerned[] = []
  const { realm, groups } = fake
  const desk = createGroupDesk({
    ...{ groups, roles: realm.roles, users: realm.users, audit, log: silentLog },
    inTurn: turns.run,
    authorize: createAuthorize({ roles: realm.roles, users: realm.users }),
    async renewAccess(members) {
      if (!state.cutOffsWork) throw unavailable('SESSION_STORE_UNAVAILABLE', 'told to fail')
      renewed.push(members)
    },
    forget: async () => forgotten.push(realm.writes.length),
  })
  return {
    ...{ fake, realm, rows, state, forgotten, renewed, users },
    trail: () => told,
    as: users.as,
    change: createChangeGroups(desk),
    move: createMoveGroup(desk),
    assign: createAssignToGroups(desk),
  }
}

export type GroupDeskWorld = ReturnType<typeof openGroupDesk>
