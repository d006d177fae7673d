import type {
  AdminEvent,
  EventPage,
  KeycloakEvents,
  UserEvent,
  UserStanding,
} from '../../src/platform/keycloak/events/keycloak-events.ts'

/** A Keycloak that remembers what a test says has happened. */
export interface FakeKeycloakEvents extends KeycloakEvents {
  readonly admin: AdminEvent[]
  readonly user: UserEvent[]
  readonly people: Map<string, UserStanding>
  /** Pages that were read. */
  readonly pages: EventPage[]
  kept: boolean
  notBefore: number
  /** Thrown by every call. */
  failure: Error | undefined
  /** An administrator did something; now, by Keycloak's clock, unless said otherwise. */
  happens(operation: string, path: string, time?: number): void
}

/** @param now Keycloak's own clock */
export function fakeKeycloakEvents(now: () => number): FakeKeycloakEvents {
  const pageOf = <E extends { time: number }>(events: readonly E[], page: EventPage) => {
    fake.pages.push(page)
    const found = events.filter(({ time }) => time >= page.from).sort((a, b) => a.time - b.time)
    return found.slice(page.first, page.first + page.max)
  }
  const answer = async <T>(make: () => T): Promise<T> => {
    if (fake.failure !== undefined) throw fake.failure
    return make()
  }
  const fake: FakeKeycloakEvents = {
    admin: [],
    user: [],
    people: new Map(),
    pages: [],
    kept: true,
    notBefore: 0,
    failure: undefined,
    happens(operation, path, time = now()) {
      const resourceType = path.startsWith('users/') ? 'USER' : 'REALM_ROLE'
      fake.admin.push({ id: `event-${fake.admin.length}`, time, operation, resourceType, path })
    },
    areKept: () => answer(() => ({ kept: fake.kept, time: now() })),
    adminEvents: (page) => answer(() => pageOf(fake.admin, page)),
    userEvents: (page, types) =>
      answer(() =>
        pageOf(
          fake.user.filter(({ type }) => types.includes(type)),
          page,
        ),
      ),
    standing: (id) => answer(() => fake.people.get(id)),
    realmNotBefore: () => answer(() => fake.notBefore),
  }
  return fake
}
