import { z } from 'zod'
import type { Operation } from '../platform/http/operation.ts'

const TAG = 'Operations'
const state = z.enum(['closed', 'open', 'half-open'])
const counts = z.record(z.string(), z.int())
const countsByTwo = z.record(z.string(), counts)
const latency = { total: z.int(), average_ms: z.number() }

const cacheInfo = z
  .object({
    maxsize: z.int(),
    ttl: z.int().meta({ description: 'Seconds; 0 means the cache is off.' }),
    current_size: z.int(),
    hits: z.int(),
    misses: z.int(),
    keys: z.array(z.string()).meta({ description: 'Names that reveal no secret; a hundred at most.' }),
  })
  .meta({ id: 'CacheInfo' })

const breaker = z
  .object({
    state,
    failure_count: z.int(),
    last_failure: z.iso.datetime().nullable(),
    next_attempt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'CircuitBreaker' })

const readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  stopping: z.literal(true).optional(),
  dependencies: z.record(
    z.string(),
    z.object({ status: z.enum(['up', 'down', 'degraded']), note: z.string().optional(), required: z.boolean() }),
  ),
})

const performance = z.object({
  uptime_seconds: z.int(),
  memory_bytes: z.number(),
  event_loop_lag_p99_seconds: z.number(),
  requests: z.object({ ...latency, by_status: counts }),
  authentications: countsByTwo,
  logins: counts,
  tokens: z.object({ refreshes: counts, service_tokens: countsByTwo }),
  sessions_ended: counts,
  rate_limited: counts,
  caches: z.record(
    z.string(),
    z.object({ hits: z.int(), misses: z.int(), stale: z.int(), hit_ratio: z.number().nullable() }),
  ),
  dependencies: z.record(z.string(), z.object({ ...latency, by_outcome: counts })),
})

/** Health, monitoring, caches, and this description. */
export const ownOperations: readonly Operation[] = [
  {
    id: 'health',
    method: 'get',
    path: '/health',
    tag: TAG,
    summary: 'Whether the process lives',
    who: 'anyone',
    answers: { 200: { description: 'It lives', raw: z.object({ status: z.literal('ok') }) } },
    errors: [],
  },
  {
    id: 'ready',
    method: 'get',
    path: '/ready',
    tag: TAG,
    summary: "Whether the gateway can serve, and each dependency's state",
    who: 'anyone',
    answers: {
      200: { description: 'It can', raw: readiness },
      503: { description: 'It cannot: a required dependency is down, or it is stopping', raw: readiness },
    },
    errors: [],
  },
  {
    id: 'monitoringHealth',
    method: 'get',
    path: '{prefix}/monitoring/health',
    tag: TAG,
    summary: 'Health in a word, with the state of every circuit breaker and dependency',
    who: 'anyone',
    answers: {
      200: {
        description: '`degraded` while a breaker is not closed, or a dependency not up',
        data: z.object({
          status: z.enum(['healthy', 'degraded']),
          timestamp: z.iso.datetime(),
          version: z.string(),
          circuit_breakers: z.record(z.string(), state),
          dependencies: z.record(z.string(), z.enum(['up', 'down', 'degraded'])),
        }),
      },
    },
    errors: [],
  },
  {
    id: 'circuitBreakers',
    method: 'get',
    path: '{prefix}/monitoring/circuit-breakers',
    tag: TAG,
    summary: 'Every circuit breaker of this instance',
    who: 'administrator',
    answers: {
      200: { description: 'By target', data: z.object({ circuit_breakers: z.record(z.string(), breaker) }) },
    },
    errors: [],
  },
  {
    id: 'performance',
    method: 'get',
    path: '{prefix}/monitoring/metrics',
    tag: TAG,
    summary: 'Requests, credentials, caches and dependencies of this instance in figures',
    description: 'Counted since the process began. Prometheus reads the same series on the management port.',
    who: 'administrator',
    answers: { 200: { description: 'The figures', data: performance } },
    errors: [],
  },
  {
    id: 'cacheInfo',
    method: 'get',
    path: '/cache/info',
    tag: TAG,
    summary: 'Every cache of this instance',
    who: 'administrator',
    answers: {
      200: {
        description: 'By name',
        data: z.object({ cache_ttl_config: z.record(z.string(), z.int()) }).catchall(cacheInfo),
      },
    },
    errors: [],
  },
  {
    id: 'clearCaches',
    method: 'post',
    path: '/cache/clear',
    tag: TAG,
    summary: 'Clears caches on every instance',
    who: 'administrator',
    body: {
      type: 'application/json',
      schema: z
        .strictObject({
          caches: z.array(z.string()).min(1).optional().meta({ description: 'Without it: all of them.' }),
        })
        .default({}),
    },
    answers: {
      200: {
        description: 'Cleared',
        data: z.object({ message: z.string(), cleared: z.array(z.string()), instances: z.int() }),
      },
    },
    errors: ['UNSUPPORTED_MEDIA_TYPE', 'PAYLOAD_TOO_LARGE', 'AUDIT_UNAVAILABLE'],
  },
  {
    id: 'openApi',
    method: 'get',
    path: '/openapi.json',
    tag: TAG,
    summary: 'This description as OpenAPI 3.1',
    who: 'anyone',
    answers: {
      200: {
        description: 'The document',
        raw: z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.record(z.string(), z.unknown()) }),
        headers: { ETag: 'Its hash' },
      },
    },
    errors: [],
  },
  {
    id: 'docs',
    method: 'get',
    path: '/docs',
    tag: TAG,
    summary: 'This description as a page',
    who: 'anyone',
    answers: {
      200: {
        description: 'The page; no script, nothing from elsewhere',
        html: true,
        headers: { ETag: 'Its hash' },
      },
    },
    errors: [],
  },
]
