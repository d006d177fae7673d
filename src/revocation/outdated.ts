import type { AdminEvent, UserEvent } from '../platform/keycloak/events/keycloak-events.ts'

/** What is remembered of the realm and no longer true. */
export interface Outdated {
  /** Ids of people. */
  readonly people: ReadonlySet<string>
  /** Everything about groups, or about roles. */
  readonly groups: boolean
  readonly roles: boolean
  /** What clients may do, and whether they are who they say. */
  readonly clients: boolean
}

/** User events by which people change what administrators see of them; the names are Keycloak's. */
export const PROFILE_EVENTS = ['REGISTER', 'UPDATE_PROFILE', 'UPDATE_EMAIL', 'VERIFY_EMAIL', 'UPDATE_PASSWORD'] as const
const OF_PEOPLE: readonly string[] = [...PROFILE_EVENTS, 'DELETE_ACCOUNT', 'USER_DISABLED_BY_PERMANENT_LOCKOUT']

/** What administrators changed, wherever they did it; only place and kind are looked at, never a representation. */
export function outdatedByAdmins(events: readonly AdminEvent[]): Outdated {
  const people = new Set<string>()
  let [groups, roles, clients] = [false, false, false]
  for (const { path } of events) {
    const [what = '', id = '', part = '', more = ''] = path.split('/')
    clients ||= what === 'clients' || path === ''
    if (what === 'users' && id !== '') people.add(id)
    else if (what === 'groups') {
      groups = true
      // What a group gives, its members hold.
      roles ||= part === 'role-mappings' || part === ''
    } else if (
      what === 'roles' ||
      what === 'roles-by-id' ||
      (what === 'clients' && (part === 'roles' || more === 'roles'))
    )
      roles = true
    // The realm itself, or a part of it that was imported; a client takes its roles with it.
    else if (path === '' || what === 'partialImport' || (what === 'clients' && part === ''))
      [groups, roles] = [true, true]
  }
  return { people, groups, roles, clients }
}

/** What people changed of themselves. */
export function outdatedByPeople(events: readonly UserEvent[]): Outdated {
  const people = new Set<string>()
  for (const { type, userId } of events) if (userId !== undefined && OF_PEOPLE.includes(type)) people.add(userId)
  return { people, groups: false, roles: false, clients: false }
}

export function isNothing({ people, groups, roles, clients }: Outdated): boolean {
  return people.size === 0 && !groups && !roles && !clients
}
