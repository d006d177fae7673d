import type { Clock } from '../clock.ts'
import type { UserEvent } from './event-log.ts'
import type { Realm } from './types.ts'

/** Remembers what somebody has just done, as far as the realm wants it. */
export function recordUserEvent(
  realm: Realm,
  clock: Clock,
  type: string,
  event: Omit<UserEvent, 'id' | 'time' | 'type' | 'realmId'>,
): void {
  realm.events.addUserEvent({ time: clock.now(), type, realmId: realm.id, ...event })
}
