import { groupAccessRoutes } from '../../../src/admin/groups/group-access-routes.ts'
import { groupRoutes } from '../../../src/admin/groups/group-routes.ts'
import { createReadGroups } from '../../../src/admin/groups/read-groups.ts'
import type { GroupView } from '../../../src/platform/keycloak/people/keycloak-admin.ts'
import { fakeKeycloakAdmin, userNamed } from '../fake-keycloak-admin.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { serveDesk } from '../serve-desk.ts'
import { openGroupDesk } from './group-desk-world.ts'

export const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [], 'client:shop:read': [] },
  groups: {
    staff: { roles: ['realm:customer'] },
    support: { above: 'staff', roles: [] },
    night: { above: 'support', roles: [] },
    other: { roles: [] },
  },
  people: { ada: { roles: ['realm:admin'] }, ann: { groups: ['support'] }, ben: {} },
}

/** The endpoints for groups, on HTTP, over a realm in memory; ada is calling. */
export async function serveGroups(plan: RealmPlan = PLAN, listed: readonly GroupView[] = []) {
  const desk = openGroupDesk(plan)
  const people = fakeKeycloakAdmin([userNamed('ann')], listed)
  const { change, move, assign } = desk
  const read = createReadGroups(people, desk.fake.groups, () => false)
  const served = await serveDesk({
    routers: (jsonBody) => [
      groupRoutes({ read, change, move, jsonBody, prefix: '/api/v1' }),
      groupAccessRoutes({ read, assign, membership: desk.users.assign, jsonBody }),
    ],
    caller: () => desk.as('ada').identity,
  })
  return { desk, people, ...served }
}

export type GroupHttpWorld = Awaited<ReturnType<typeof serveGroups>>
