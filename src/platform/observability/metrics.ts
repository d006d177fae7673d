import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import { createSocketMetrics } from './socket-metrics.ts'
import { createTallyCounter } from './tally-counter.ts'
import { createTallyHistogram } from './tally-histogram.ts'
import { createTlsMetrics, type TlsMetrics } from './tls-metrics.ts'

export interface MetricSample {
  name: string
  labels: Readonly<Record<string, string | number>>
  value: number
}

/** What happened, as verbs; only this file knows Prometheus. Every label is bounded by a table of the gateway's own. */
export interface Metrics extends TlsMetrics {
  /** A function for one route and method that counts a finished request; look it up once, call it often. */
  requestCounter(route: string, method: string): (status: number, seconds: number) => void
  /** Outcome is `ok` or an error code. */
  authenticated(method: 'session' | 'bearer', outcome: string): void
  loginFinished(outcome: string): void
  sessionEnded(why: string): void
  tokensRefreshed(outcome: string): void
  /** Something was told to every instance; `late` when not all of them confirmed within a second. */
  messagePublished(channel: string, outcome: 'confirmed' | 'late' | 'failed'): void
  /** An OAuth endpoint for service clients has answered; outcome is `ok` or the OAuth error. */
  serviceTokenAnswered(operation: string, outcome: string): void
  rateLimited(limit: string): void
  /** Whether rate limits are counted together with the other instances now. */
  limitsShared(yes: boolean): void
  /** Rows of the audit trail: `written`, `spooled` and `refused` administrative writes, `lost` and `folded` others. */
  auditRows(outcome: string, count: number): void
  /** Rows that wait for the database. */
  auditWaiting(count: number): void
  cacheRead(cache: string, outcome: 'hit' | 'miss' | 'stale'): void
  breakerChanged(target: string, state: 'closed' | 'open' | 'half-open'): void
  /** A timer for one dependency or upstream; look it up once, call it whenever headers arrived or did not. */
  outboundTimer(target: string): (outcome: string, seconds: number) => void
  /** The realm's events were asked for; outcome is `ok`, `uncovered` or `failed`. */
  revocationsPolled(outcome: string): void
  /** When the cluster last knew all of them, milliseconds since the epoch. */
  revocationsKnownAt(time: number): void
  /** Every value of every series. */
  samples(): Promise<MetricSample[]>
  /** A WebSocket is open; call the answer once, with its close code, when it is not any more. */
  socketOpened(route: string): (code: number, messages: { in: number; out: number }) => void
  /** The Prometheus text format. */
  expose(): Promise<{ contentType: string; text: string }>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const BREAKER_VALUE = { closed: 0, 'half-open': 1, open: 2 } as const

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers })
  const requests = createTallyHistogram({
    name: 'cloakroom_http_request_seconds',
    help: 'Requests by route, method and status class',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registry,
  })
  const calls = createTallyHistogram({
    name: 'cloakroom_outbound_call_seconds',
    help: 'Calls to upstreams and dependencies until their headers arrived',
    labelNames: ['target', 'outcome'],
    buckets: SECONDS,
    registry,
  })
  const breakers = new Gauge({
    name: 'cloakroom_breaker_state',
    help: 'Circuit breakers: 0 closed, 1 half-open, 2 open',
    labelNames: ['target'],
    registers,
  })
  const countAuth = createTallyCounter({
    name: 'cloakroom_authentications_total',
    help: 'Credentials judged',
    labelNames: ['method', 'outcome'],
    registry,
  })
  const logins = counter('cloakroom_logins_total', 'Finished sign-ins', ['outcome'])
  const ended = counter('cloakroom_sessions_ended_total', 'Ended sessions', ['why'])
  const refreshes = counter(
    'cloakroom_token_refreshes_total',
    'Token refreshes; `refused` means that the provider refuses the gateway itself',
    ['outcome'],
  )
  const serviceTokens = counter(
    'cloakroom_service_tokens_total',
    'Answers of the OAuth endpoints for service clients',
    ['operation', 'outcome'],
  )
  const messages = counter(
    'cloakroom_messages_total',
    'Messages to all instances (ended sessions among them): confirmed by all, late, or failed',
    ['channel', 'outcome'],
  )
  const limited = counter('cloakroom_rate_limited_total', 'Requests refused by a rate limit', ['limit'])
  const shared = new Gauge({
    name: 'cloakroom_rate_limits_shared',
    help: 'Rate limits: 1 counted together with the other instances in Redis, 0 by this instance alone',
    registers,
  })
  const audited = counter('cloakroom_audit_rows_total', 'Rows of the audit trail by what became of them', ['outcome'])
  const unwritten = new Gauge({
    name: 'cloakroom_audit_waiting_rows',
    help: 'Rows of the audit trail that wait for the database',
    registers,
  })
  const countReads = createTallyCounter({
    name: 'cloakroom_cache_reads_total',
    help: 'Cache reads',
    labelNames: ['cache', 'outcome'],
    registry,
  })
  const sockets = createSocketMetrics(registers)
  const tls = createTlsMetrics(registers)
  const polls = counter('cloakroom_revocation_polls_total', "Polls of the realm's events by this instance", ['outcome'])
  let knownAt: number | undefined
  new Gauge({
    name: 'cloakroom_revocation_age_seconds',
    help: "Seconds since the cluster last knew all of the realm's events",
    labelNames: ['source'],
    registers,
    collect() {
      if (knownAt !== undefined) this.set({ source: 'events' }, Math.max(0, (Date.now() - knownAt) / 1000))
    },
  })

  return {
    requestCounter(route, method) {
      const children = [1, 2, 3, 4, 5].map((digit) => requests.child({ route, method, status: `${digit}xx` }))
      return (status, seconds) => children[Math.floor(status / 100) - 1]?.(seconds)
    },
    authenticated: (method, outcome) => countAuth(method, outcome),
    loginFinished: (outcome) => logins.inc({ outcome }),
    sessionEnded: (why) => ended.inc({ why }),
    tokensRefreshed: (outcome) => refreshes.inc({ outcome }),
    messagePublished: (channel, outcome) => messages.inc({ channel, outcome }),
    serviceTokenAnswered: (operation, outcome) => serviceTokens.inc({ operation, outcome }),
    rateLimited: (limit) => limited.inc({ limit }),
    limitsShared: (yes) => shared.set(yes ? 1 : 0),
    auditRows: (outcome, count) => audited.inc({ outcome }, count),
    auditWaiting: (count) => unwritten.set(count),
    cacheRead: (cache, outcome) => countReads(cache, outcome),
    breakerChanged: (target, state) => breakers.set({ target }, BREAKER_VALUE[state]),
    outboundTimer(target) {
      const children = new Map<string, (seconds: number) => void>()
      return (outcome, seconds) => {
        let child = children.get(outcome)
        if (child === undefined) {
          child = calls.child({ target, outcome })
          children.set(outcome, child)
        }
        child(seconds)
      }
    },
    revocationsPolled: (outcome) => polls.inc({ outcome }),
    revocationsKnownAt(time) {
      knownAt = time
    },
    samples: async () => (await registry.getMetricsAsJSON()).flatMap(samplesOf),
    socketOpened: sockets.opened,
    ...tls,
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

function samplesOf({ name, values = [] }: MetricObjectWithValues<MetricValue<string>>): MetricSample[] {
  return values.map((item) => {
    const metricName = 'metricName' in item && typeof item.metricName === 'string' ? item.metricName : name
    const labels = Object.entries(item.labels).filter(
      (pair): pair is [string, string | number] => pair[1] !== undefined,
    )
    return { name: metricName, labels: Object.fromEntries(labels), value: item.value }
  })
}
