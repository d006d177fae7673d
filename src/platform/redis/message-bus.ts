import { randomUUID } from 'node:crypto'
import type { Log } from '../observability/log.ts'
import { createHeartbeat } from './heartbeat.ts'
import { type Redis, withDeadline } from './redis-client.ts'
import { redisKeys } from './redis-keys.ts'

/** Tells every instance something, and waits until each has acted on it. */
export interface MessageBus {
  /** Resolves when all live instances have confirmed, or after a second; answers how many did. */
  publish(channel: string, message: string): Promise<number>
  subscribe(channel: string, receive: (message: string) => void): void
  /** Whether everything published until a second ago has certainly been heard here; if not, caches must not be trusted. */
  isListening(): boolean
  /** Milliseconds since the last moment until which everything published has certainly been heard here. */
  silentFor(): number
  /** Called each time the ear opens again, after messages may have been missed. */
  onReconnect(listener: () => void): void
  /** Resolves when the other instances wait for this one no longer. */
  close(): Promise<void>
}

interface Message {
  from: string
  number: number
  channel: string
  body: string
}

type Envelope = Message | { confirms: number; by: string } | { beat: number }

/**
 * Milliseconds for which a heartbeat proves that nothing was missed, and for which a publisher waits. An instance that has
 * not confirmed by then has heard no heartbeat since either (messages come in order), so it asks Redis instead of its caches:
 * also one that was stopped and wakes up again.
 */
const TRUST_MS = 1_000

/** How a message went: every live instance has confirmed it, some did not in time, or it could not be sent. */
export type OnPublished = (channel: string, outcome: 'confirmed' | 'late' | 'failed') => void

/** A bus on a connection of its own (Redis pub/sub: at most once, in order, only while both ends are connected). */
export function createMessageBus(redis: Redis, log: Log, onPublished: OnPublished = () => undefined): MessageBus {
  const ear = redis.createEar()
  const instance = randomUUID()
  const [everybody, myself] = [redisKeys.busToAll, redisKeys.busTo(instance)]
  const channels = new Map<string, (message: string) => void>()
  const waiting = new Map<number, (by: string) => void>()
  const listeners: (() => void)[] = []
  let published = 0
  const send = (to: string, envelope: Envelope) => redis.publish(to, JSON.stringify(envelope))
  const heartbeat = createHeartbeat({
    redis,
    instance,
    trustMs: TRUST_MS,
    send: (beat) => send(myself, { beat }),
    onSilence: ear.renew,
  })

  function hear(text: string): void {
    const envelope = readEnvelope(text)
    if (envelope === undefined) return
    if ('beat' in envelope) heartbeat.heard(envelope.beat)
    else if ('confirms' in envelope) waiting.get(envelope.confirms)?.(envelope.by)
    else follow(envelope)
  }

  function follow({ from, number, channel, body }: Message): void {
    try {
      channels.get(channel)?.(body)
    } catch (error) {
      log.error('a message of another instance could not be followed', { channel, error })
      return
    }
    send(redisKeys.busTo(from), { confirms: number, by: instance }).catch(() => undefined)
  }

  ear.listen([everybody, myself], {
    hear,
    lost: heartbeat.lost,
    opened() {
      for (const listener of listeners) listener()
      heartbeat.opened()
    },
  })

  return {
    async publish(channel, message) {
      const number = ++published
      const confirmed = new Set<string>()
      let live: string[] | undefined
      const { promise: all, resolve } = Promise.withResolvers<void>()
      const lookWhetherAll = () => void (live?.every((one) => confirmed.has(one)) && resolve())
      waiting.set(number, (by) => {
        confirmed.add(by)
        lookWhetherAll()
      })
      let late: NodeJS.Timeout | undefined
      try {
        await withDeadline(send(everybody, { from: instance, number, channel, body: message }))
        late = setTimeout(resolve, TRUST_MS)
        // Asked after it was sent: who is not alive yet by then has no cache that could be outdated.
        live = await heartbeat.liveInstances()
        lookWhetherAll()
        await all
        const missing = live?.filter((one) => !confirmed.has(one)).length
        onPublished(channel, missing === 0 ? 'confirmed' : 'late')
        if (missing !== 0) log.warn('not every instance confirmed a message in time', { channel, missing })
        return confirmed.size
      } catch (error) {
        onPublished(channel, 'failed')
        throw error
      } finally {
        clearTimeout(late)
        waiting.delete(number)
      }
    },
    subscribe: (channel, receive) => void channels.set(channel, receive),
    isListening: heartbeat.isProven,
    silentFor: heartbeat.silentFor,
    onReconnect: (listener) => void listeners.push(listener),
    async close() {
      ear.close()
      await heartbeat.stop()
    },
  }
}

/** Anybody who may publish in Redis can write there; what is not ours is passed over. */
function readEnvelope(text: string): Envelope | undefined {
  try {
    const { beat, confirms, by, from, number, channel, body } = JSON.parse(text) as Record<string, unknown>
    if (typeof beat === 'number') return { beat }
    if (typeof confirms === 'number' && typeof by === 'string') return { confirms, by }
    if (typeof from !== 'string' || typeof number !== 'number') return undefined
    return typeof channel === 'string' && typeof body === 'string' ? { from, number, channel, body } : undefined
  } catch {
    return undefined
  }
}
