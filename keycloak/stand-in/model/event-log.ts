import { randomUUID } from 'node:crypto'
import type { RealmSettings } from './realm-settings.ts'

/** What an administrator did, in the words of the admin API. */
export type AdminEvent = {
  id: string
  /** Milliseconds since 1970. */
  time: number
  realmId: string
  operationType: 'CREATE' | 'UPDATE' | 'DELETE' | 'ACTION'
  resourceType: string
  resourcePath?: string
}

/** What a person did. */
export type UserEvent = {
  id: string
  time: number
  type: string
  realmId: string
  clientId?: string
  userId?: string
  sessionId?: string
}

/** The memory of a realm, as far as its settings ask for one. */
export type EventLog = {
  admin: AdminEvent[]
  user: UserEvent[]
  addAdminEvent(event: Omit<AdminEvent, 'id'>): void
  addUserEvent(event: Omit<UserEvent, 'id'>): void
}

const limit = 10_000

/** The types a realm remembers when it does not name any. */
export const defaultEventTypes = [
  'LOGIN',
  'LOGOUT',
  'CODE_TO_TOKEN',
  'CLIENT_LOGIN',
  'UPDATE_PASSWORD',
  'DELETE_ACCOUNT',
]

export function createEventLog(settings: () => RealmSettings): EventLog {
  const admin: AdminEvent[] = []
  const user: UserEvent[] = []
  const add = <E>(events: E[], event: E) => {
    events.push(event)
    if (events.length > limit) events.shift()
  }
  return {
    admin,
    user,
    addAdminEvent(event) {
      if (settings().adminEventsEnabled) add(admin, { id: randomUUID(), ...event })
    },
    addUserEvent(event) {
      const { eventsEnabled, enabledEventTypes = [] } = settings()
      const kept = enabledEventTypes.length === 0 || enabledEventTypes.includes(event.type)
      if (eventsEnabled && kept) add(user, { id: randomUUID(), ...event })
    },
  }
}
