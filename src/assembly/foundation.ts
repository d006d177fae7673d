import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, systemClock } from '../platform/clock.ts'
import type { Config } from '../platform/config/config.ts'
import { type Database, openDatabase } from '../platform/database/open-database.ts'
import { createResilience } from '../platform/http/resilience.ts'
import { type AccessLog, createAccessLog } from '../platform/observability/access-log.ts'
import { createLog, type Log, type LogLevel } from '../platform/observability/log.ts'
import { createMetrics, type Metrics } from '../platform/observability/metrics.ts'
import { createRedis } from '../platform/redis/create-redis.ts'
import { createMessageBus, type MessageBus } from '../platform/redis/message-bus.ts'
import type { Redis } from '../platform/redis/redis-client.ts'
import { createRedisTurns } from '../platform/redis/redis-turns.ts'
import { createLocalTurns, type Turns } from '../platform/redis/turns.ts'
import { createTurnstile, type Turnstile } from '../platform/turnstile.ts'

export interface Foundation {
  clock: Clock
  log: Log
  setLogLevel: (level: LogLevel) => void
  accessLog: AccessLog
  metrics: Metrics
  guard: ReturnType<typeof createResilience>
  redis: Redis | undefined
  bus: MessageBus | undefined
  /** Over all instances; for changes that must not be made side by side. */
  turns: Turns
  /** For what is heavy and comes in crowds: the own endpoints, and the answers they wait for. */
  turnstile: Turnstile
  database: Database
  countersMs: Surroundings['countersMs']
}

/** What tests replace: time, and where the log goes. */
export interface Surroundings {
  clock?: Clock
  writeLog?: (text: string) => void
  /** Milliseconds between two looks at certificates. */
  certificatesEveryMs?: number
  /** Milliseconds that the counters of the limits in Redis may take to answer. */
  countersMs?: () => number
}

const FIRST_CONNECT_MS = 2_000

/** The ground: clock, log, metrics, guards around dependencies, database, Redis. A database that is away delays nothing, a Redis that is away delays the start by 2 s at most. */
export async function layFoundation(config: Config, surroundings: Surroundings = {}): Promise<Foundation> {
  const clock = surroundings.clock ?? systemClock
  const log = createLog({
    level: config.logLevel,
    ...(surroundings.writeLog === undefined ? {} : { write: surroundings.writeLog }),
  })
  const metrics = createMetrics()
  const guard = createResilience({
    clock,
    outboundTimer: metrics.outboundTimer,
    onNew: (target) => metrics.breakerChanged(target, 'closed'),
    onState(target, state) {
      metrics.breakerChanged(target, state)
      log.warn('a circuit breaker changed', { target, breaker: state })
    },
  })
  const redis = config.redis === undefined ? undefined : createRedis(config.redis, log)
  if (redis !== undefined) {
    const connected = redis.connect().catch((error: unknown) => log.warn('Redis is not connected', { error }))
    await Promise.race([connected, new Promise((resolve) => setTimeout(resolve, FIRST_CONNECT_MS).unref())])
  }
  const bus = redis === undefined ? undefined : createMessageBus(redis, log, metrics.messagePublished)
  return {
    clock,
    log,
    setLogLevel: log.setLevel,
    accessLog: createAccessLog(log),
    metrics,
    guard,
    redis,
    bus,
    turns: redis === undefined ? createLocalTurns() : createRedisTurns({ redis, pause, now: () => performance.now() }),
    turnstile: createTurnstile(),
    database: openDatabase(config.database, { log }),
    countersMs: surroundings.countersMs,
  }
}
