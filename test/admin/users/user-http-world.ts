import type { RolesOfUser } from '../../../src/admin/users/assign-to-users.ts'
import { createReadUsers } from '../../../src/admin/users/read-users.ts'
import { userAccessRoutes } from '../../../src/admin/users/user-access-routes.ts'
import { userRoutes } from '../../../src/admin/users/user-routes.ts'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { unavailable } from '../../../src/platform/errors/gateway-error.ts'
import type { UserDetail, UserQuery } from '../../../src/platform/keycloak/people/keycloak-admin.ts'
import { testClock } from '../../support/test-clock.ts'
import { fakeKeycloakAdmin } from '../fake-keycloak-admin.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { serveDesk } from '../serve-desk.ts'
import { openUserDesk } from './user-desk-world.ts'

const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [], 'client:shop:read': [] },
  groups: { staff: { roles: ['realm:customer'] } },
  people: { ada: { roles: ['realm:admin'] }, ann: {} },
}

/** The endpoints for users, on HTTP, over a realm in memory; ada is calling. */
export async function serveUsers() {
  const desk = openUserDesk(PLAN)
  const clock = testClock()
  const state = { isAway: false, isOpen: false, known: undefined as UserDetail | undefined }
  const fake = fakeKeycloakAdmin([desk.realm.person('ada'), desk.realm.person('ann')])
  const roles = createMemoryCache<RolesOfUser>({ name: 'roles', ttl: 60, maxSize: 10, clock, keepStale: 3_600 })
  const people = {
    ...fake,
    async user(id: string) {
      if (state.isAway) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to be away')
      return desk.realm.person(id)
    },
    async findUsers(query: UserQuery) {
      if (state.isAway) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to be away')
      return fake.findUsers(query)
    },
    lastKnown: {
      ...fake.lastKnown,
      user: () => (state.known === undefined ? undefined : { value: state.known, ageMs: 61_500 }),
      users: () =>
        state.known === undefined ? undefined : { value: { users: [state.known], total: 1 }, ageMs: 61_500 },
    },
  }
  async function rolesOf(id: string): Promise<RolesOfUser> {
    if (state.isAway) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to be away')
    return desk.assign.roles(id)
  }
  const read = createReadUsers(people, rolesOf, roles, () => state.isOpen)
  const served = await serveDesk({
    routers: (jsonBody) => [
      userRoutes({ read, change: desk.change, jsonBody, prefix: '/api/v1' }),
      userAccessRoutes({ read, secure: desk.secure, assign: desk.assign, jsonBody }),
    ],
    caller: () => desk.as('ada').identity,
  })

  return { ...desk, ...served, state, clock, forgetRoles: roles.clear, asked: people.asked }
}

export type UserHttpWorld = Awaited<ReturnType<typeof serveUsers>>
