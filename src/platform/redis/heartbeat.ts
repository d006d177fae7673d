import { type Redis, withDeadline } from './redis-client.ts'
import { redisKeys } from './redis-keys.ts'

export interface HeartbeatParts {
  redis: Redis
  /** The name of this instance among the others. */
  instance: string
  /** Milliseconds for which one beat that was heard is believed. */
  trustMs: number
  /** Publishes a beat the way every message goes. */
  send: (beat: number) => Promise<unknown>
  /** Nothing has been heard for a while though Redis answers: the ear is on the wrong node, or deaf. */
  onSilence: () => void
}

export interface Heartbeat {
  opened(): void
  lost(): void
  heard(beat: number): void
  /** Whether a beat was heard in the last second, and the ear has been open since. */
  isProven(): boolean
  /** Milliseconds since the last moment until which everything published has certainly been heard. */
  silentFor(): number
  /** Every instance that may believe its caches at this moment; undefined when Redis does not tell. */
  liveInstances(): Promise<string[] | undefined>
  stop(): Promise<void>
}

const BEAT_MS = 250
const RENEW_MS = 1_500
/** An instance is on the list for somewhat longer than it believes its caches. */
const SLACK_MS = 250

// Redis's own clock tells: those of the instances differ.
const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)`
const ENROL = `${NOW}
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
redis.call('PEXPIRE', KEYS[1], 60000)`
const LIVE = `${NOW} return redis.call('ZRANGEBYSCORE', KEYS[1], now - ARGV[1], '+inf')`

/**
 * Proves again and again that this instance hears what is published: first it puts itself on the list of those who are waited
 * for, then it sends itself a message the way every message goes. When that arrives, nothing published before was missed.
 */
export function createHeartbeat({ redis, instance, trustMs, send, onSilence }: HeartbeatParts): Heartbeat {
  const underway = new Map<number, number>()
  const enrol = { keys: [redisKeys.busInstances], arguments: [instance] }
  let open = false
  let trustedAt = Number.NEGATIVE_INFINITY
  let beats = 0
  let provenAt = Number.NEGATIVE_INFINITY
  let renewedAt = performance.now()

  async function beat(): Promise<void> {
    const now = performance.now()
    for (const [number, sentAt] of underway) if (now - sentAt > trustMs) underway.delete(number)
    const number = ++beats
    underway.set(number, now)
    try {
      await withDeadline(redis.eval(ENROL, enrol), trustMs)
      await withDeadline(send(number), trustMs)
    } catch {
      underway.delete(number)
      return
    }
    if (performance.now() - Math.max(provenAt, renewedAt) > RENEW_MS) {
      renewedAt = performance.now()
      onSilence()
    }
  }
  const heart = setInterval(() => void beat(), BEAT_MS).unref()

  return {
    opened() {
      open = true
      // A beat that was sent before says nothing of what was missed meanwhile.
      underway.clear()
      void beat()
    },
    lost() {
      open = false
      trustedAt = Number.NEGATIVE_INFINITY
      underway.clear()
    },
    heard(number) {
      const sentAt = underway.get(number)
      underway.delete(number)
      if (sentAt === undefined || !open) return
      trustedAt = Math.max(trustedAt, sentAt)
      provenAt = trustedAt
    },
    isProven: () => performance.now() - trustedAt < trustMs,
    silentFor: () => performance.now() - provenAt,
    async liveInstances() {
      const call = { keys: [redisKeys.busInstances], arguments: [String(trustMs + SLACK_MS)] }
      const names: unknown = await withDeadline(redis.eval(LIVE, call), trustMs).catch(() => undefined)
      return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : undefined
    },
    async stop() {
      clearInterval(heart)
      open = false
      trustedAt = Number.NEGATIVE_INFINITY
      underway.clear()
      await withDeadline(redis.zRem(redisKeys.busInstances, instance), trustMs).catch(() => undefined)
    },
  }
}
