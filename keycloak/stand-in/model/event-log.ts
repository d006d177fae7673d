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
  authDetails: { realmId: string; clientId?: string; userId: string; ipAddress: string }
  /** What was written, where the realm keeps that too. */
  representation?: string
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
  ipAddress?: string
  error?: string
  details?: Record<string, string>
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
  'LOGIN_ERROR',
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
      const { adminEventsEnabled, adminEventsDetailsEnabled } = settings()
      const { representation, ...rest } = event
      const kept = adminEventsDetailsEnabled && representation !== undefined ? { representation } : {}
      if (adminEventsEnabled) add(admin, { id: randomUUID(), ...rest, ...kept })
    },
    addUserEvent(event) {
      const { eventsEnabled, enabledEventTypes = [] } = settings()
      const kept = enabledEventTypes.length === 0 || enabledEventTypes.includes(event.type)
      if (eventsEnabled && kept) add(user, { id: randomUUID(), ...event })
    },
  }
}
