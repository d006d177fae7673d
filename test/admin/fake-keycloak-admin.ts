import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import type { GroupView, KeycloakAdmin, UserDetail } from '../../src/platform/keycloak/people/keycloak-admin.ts'

/** Keycloak's administration in memory, for tests of what stands before it. */
export interface FakeKeycloakAdmin extends KeycloakAdmin {
  /** What it was asked, as `method argument`. */
  readonly asked: string[]
}

export function userNamed(username: string): UserDetail {
  return {
    id: `id-of-${username}`,
    username,
    email: `${username}@shop.test`,
    emailVerified: true,
    firstName: null,
    lastName: null,
    enabled: true,
    createdAt: '2030-01-01T00:00:00.000Z',
    attributes: {},
    requiredActions: [],
  }
}

export function fakeKeycloakAdmin(users: readonly UserDetail[], groups: readonly GroupView[] = []): FakeKeycloakAdmin {
  const asked: string[] = []
  const note = (method: string, argument: unknown) => void asked.push(`${method} ${JSON.stringify(argument)}`)
  const page = <T>(all: readonly T[], { first, max }: { first: number; max: number }) => all.slice(first, first + max)
  const find = (id: string): UserDetail => {
    const user = users.find((candidate) => candidate.id === id)
    if (user === undefined) throw new GatewayError('USER_NOT_FOUND')
    return user
  }
  return {
    asked,
    async findUsers(query) {
      note('findUsers', query)
      const found = users.filter(({ username }) => username.includes(query.search ?? ''))
      return { users: page(found, query), total: found.length }
    },
    async user(id) {
      note('user', id)
      return find(id)
    },
    lastKnown: {
      user: () => undefined,
      users: () => undefined,
      groups: () => undefined,
      groupsOfUser: () => undefined,
    },
    async groupsOfUser(id) {
      note('groupsOfUser', id)
      find(id)
      return [...groups]
    },
    async groups(query) {
      note('groups', query)
      const found = groups.filter(({ name }) => name.includes(query.search ?? ''))
      return { groups: page(found, query), total: found.length }
    },
  }
}
