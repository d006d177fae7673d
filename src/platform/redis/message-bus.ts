import type { Log } from '../observability/log.ts'
import { type Redis, withDeadline } from './redis-client.ts'

/** Tells all instances something; at most once, in order, only while both ends are connected (Redis pub/sub). */
export interface MessageBus {
  /** Answers how many instances received it. */
  publish(channel: string, message: string): Promise<number>
  subscribe(channel: string, receive: (message: string) => void): void
  /** Whether this instance hears what is published; while it does not, it must not trust its caches. */
  isListening(): boolean
  /** Called each time the ear opens again, after messages may have been missed. */
  onReconnect(listener: () => void): void
  close(): void
}

/** A bus on a connection of its own, because a subscribed connection can do nothing else. */
export function createMessageBus(redis: Redis, log: Log): MessageBus {
  const ear = redis.duplicate()
  const channels = new Map<string, (message: string) => void>()
  const listeners: (() => void)[] = []
  let listening = false
  ear.on('error', () => {
    listening = false
  })
  ear.on('ready', () => {
    // node-redis subscribes again by itself before it is ready.
    listening = true
    for (const listener of listeners) listener()
  })
  const opened = ear.connect().catch((error: unknown) => log.warn('the message bus is not connected', { error }))

  return {
    publish: (channel, message) => withDeadline(redis.publish(channel, message)),
    subscribe(channel, receive) {
      channels.set(channel, receive)
      const subscribe = () => ear.subscribe(channel, (message) => channels.get(channel)?.(message))
      void opened.then(subscribe).catch((error: unknown) => log.warn('a channel is not subscribed', { channel, error }))
    },
    isListening: () => listening && ear.isReady,
    onReconnect: (listener) => void listeners.push(listener),
    close: () => ear.destroy(),
  }
}
