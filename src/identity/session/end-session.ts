import type { Cache } from '../../platform/cache/cache.ts'
import type { MessageBus } from '../../platform/redis/message-bus.ts'
import { redisKeys } from '../../platform/redis/redis-keys.ts'
import type { RememberedSession } from './session-authenticator.ts'
import type { SessionStore } from './session-store.ts'

export interface EndSessionParts {
  store: SessionStore
  remembered: Cache<RememberedSession | 'over'>
  /** Absent where there is only this process. */
  bus: MessageBus | undefined
  onEnded: (why: string) => void
}

/** Ends a session for good: removed from the store first, then forgotten here and on every other instance. */
export type EndSession = (id: string, why: string) => Promise<void>

export function createEndSession({ store, remembered, bus, onEnded }: EndSessionParts): EndSession {
  bus?.subscribe(redisKeys.endedSessions, (id) => remembered.delete(id))
  // Messages may have been missed while the connection was away.
  bus?.onReconnect(() => remembered.clear())
  return async function endSession(id, why) {
    try {
      await store.destroy(id)
    } finally {
      remembered.delete(id)
    }
    await bus?.publish(redisKeys.endedSessions, id).catch(() => 0)
    onEnded(why)
  }
}
