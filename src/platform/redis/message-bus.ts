import { randomUUID } from 'node:crypto'
import type { Log } from '../observability/log.ts'
import { type Redis, withDeadline } from './redis-client.ts'
import { redisKeys } from './redis-keys.ts'

/** Tells every instance something, and waits until each has acted on it. */
export interface MessageBus {
  /** Resolves when all live instances have confirmed, or after a second; answers how many did. */
  publish(channel: string, message: string): Promise<number>
  subscribe(channel: string, receive: (message: string) => void): void
  /** Whether everything published until a second ago has certainly been heard here; if not, caches must not be trusted. */
  isListening(): boolean
  /** Called each time the ear opens again, after messages may have been missed. */
  onReconnect(listener: () => void): void
  close(): void
}

interface Envelope {
  from: string
  number: number
  body: string
}

const HEARTBEAT_MS = 250
/**
 * Milliseconds for which a heartbeat proves that nothing was missed, and for which a publisher waits. An instance that has
 * not confirmed by then has heard no heartbeat since either (messages come in order), so it asks Redis instead of its caches:
 * also one that was stopped and wakes up again.
 */
const TRUST_MS = 1_000

/** A bus on a connection of its own (Redis pub/sub: at most once, in order, only while both ends are connected). */
export function createMessageBus(redis: Redis, log: Log): MessageBus {
  const ear = redis.duplicate()
  const instance = randomUUID()
  const channels = new Map<string, (message: string) => void>()
  const waiting = new Map<number, () => void>()
  const listeners: (() => void)[] = []
  let provenAt = Number.NEGATIVE_INFINITY
  let published = 0

  ear.on('error', () => {
    provenAt = Number.NEGATIVE_INFINITY
  })
  ear.on('ready', () => {
    // node-redis subscribes again by itself before it is ready.
    for (const listener of listeners) listener()
  })
  const beat = () => {
    if (!ear.isReady) return
    const sentAt = performance.now()
    ear.ping().then(
      () => {
        provenAt = sentAt
      },
      () => undefined,
    )
  }
  const heart = setInterval(beat, HEARTBEAT_MS).unref()
  const opened = ear.connect().then(beat, (error: unknown) => log.warn('the message bus is not connected', { error }))

  function hear(channel: string, text: string): void {
    const { from, number, body } = JSON.parse(text) as Envelope
    channels.get(channel)?.(body)
    redis.publish(redisKeys.confirmations(from), String(number)).catch(() => undefined)
  }

  function listenOn(channel: string, onMessage: (text: string) => void): void {
    void opened
      .then(() => ear.subscribe(channel, onMessage))
      .catch((error: unknown) => log.warn('a channel is not subscribed', { channel, error }))
  }

  listenOn(redisKeys.confirmations(instance), (number) => waiting.get(Number(number))?.())

  return {
    async publish(channel, message) {
      const number = ++published
      let confirmed = 0
      let expected = Number.POSITIVE_INFINITY
      const { promise: all, resolve } = Promise.withResolvers<void>()
      waiting.set(number, () => {
        if (++confirmed >= expected) resolve()
      })
      const late = setTimeout(resolve, TRUST_MS)
      try {
        const text = JSON.stringify({ from: instance, number, body: message } satisfies Envelope)
        expected = await withDeadline(redis.publish(channel, text))
        if (confirmed >= expected) resolve()
        await all
        if (confirmed < expected)
          log.warn('not every instance confirmed a message in time', { channel, confirmed, expected })
        return confirmed
      } finally {
        clearTimeout(late)
        waiting.delete(number)
      }
    },
    subscribe(channel, receive) {
      channels.set(channel, receive)
      listenOn(channel, (text) => hear(channel, text))
    },
    isListening: () => performance.now() - provenAt < TRUST_MS,
    onReconnect: (listener) => void listeners.push(listener),
    close() {
      clearInterval(heart)
      provenAt = Number.NEGATIVE_INFINITY
      ear.destroy()
    },
  }
}
