import { setTimeout as pause } from 'node:timers/promises'
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
  /** A session is over, wherever it was ended: called before anybody is told that it is. */
  onOver?: (id: string) => void
}

const TELL_PATIENCE_MS = 1_500
const TELL_AGAIN_MS = 100

/** Ends a session for good: removed from the store first, then forgotten here and on every other instance. */
export type EndSession = (id: string, why: string) => Promise<void>

export function createEndSession({ store, remembered, bus, onEnded, onOver }: EndSessionParts): EndSession {
  function forget(id: string): void {
    remembered.delete(id)
    onOver?.(id)
  }
  bus?.subscribe(redisKeys.endedSessions, forget)
  // Messages may have been missed while the connection was away.
  bus?.onReconnect(() => remembered.clear())
  return async function endSession(id, why) {
    try {
      await store.destroy(id)
    } finally {
      forget(id)
    }
    if (bus !== undefined) await tellAll(bus, id)
    onEnded(why)
  }
}

/** This instance's connection may break at the very moment; the others would go on serving what they remember. */
async function tellAll(bus: MessageBus, id: string): Promise<void> {
  const end = performance.now() + TELL_PATIENCE_MS
  do {
    const told = await bus.publish(redisKeys.endedSessions, id).catch(() => undefined)
    if (told !== undefined) return
    await pause(TELL_AGAIN_MS)
  } while (performance.now() < end)
}
