import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What happened, as verbs; only this file knows Prometheus. Every label is bounded by a table of the gateway's own. */
export interface Metrics {
  /** A function for one route and method that counts a finished request; look it up once, call it often. */
  requestCounter(route: string, method: string): (status: number, seconds: number) => void
  /** Outcome is `ok` or an error code. */
  authenticated(method: 'session' | 'bearer', outcome: string): void
  loginFinished(outcome: string): void
  sessionEnded(why: string): void
  tokensRefreshed(outcome: string): void
  rateLimited(limit: string): void
  cacheRead(cache: string, outcome: 'hit' | 'miss' | 'stale'): void
  breakerChanged(target: string, state: 'closed' | 'open' | 'half-open'): void
  /** A timer for one dependency or upstream; look it up once, call it whenever headers arrived or did not. */
  outboundTimer(target: string): (outcome: string, seconds: number) => void
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
  const requests = new Histogram({
    name: 'cloakroom_http_request_seconds',
    help: 'Requests by route, method and status class',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers,
  })
  const calls = new Histogram({
    name: 'cloakroom_outbound_call_seconds',
    help: 'Calls to upstreams and dependencies until their headers arrived',
    labelNames: ['target', 'outcome'],
    buckets: SECONDS,
    registers,
  })
  const breakers = new Gauge({
    name: 'cloakroom_breaker_state',
    help: 'Circuit breakers: 0 closed, 1 half-open, 2 open',
    labelNames: ['target'],
    registers,
  })
  const auth = counter('cloakroom_authentications_total', 'Credentials judged', ['method', 'outcome'])
  const logins = counter('cloakroom_logins_total', 'Finished sign-ins', ['outcome'])
  const ended = counter('cloakroom_sessions_ended_total', 'Ended sessions', ['why'])
  const refreshes = counter('cloakroom_token_refreshes_total', 'Token refreshes', ['outcome'])
  const limited = counter('cloakroom_rate_limited_total', 'Requests refused by a rate limit', ['limit'])
  const reads = counter('cloakroom_cache_reads_total', 'Cache reads', ['cache', 'outcome'])
  const countReads = byTwoLabels(reads)
  const countAuth = byTwoLabels(auth)

  return {
    requestCounter(route, method) {
      const children = [1, 2, 3, 4, 5].map((digit) => requests.labels(route, method, `${digit}xx`))
      return (status, seconds) => children[Math.floor(status / 100) - 1]?.observe(seconds)
    },
    authenticated: (method, outcome) => countAuth(method, outcome),
    loginFinished: (outcome) => logins.inc({ outcome }),
    sessionEnded: (why) => ended.inc({ why }),
    tokensRefreshed: (outcome) => refreshes.inc({ outcome }),
    rateLimited: (limit) => limited.inc({ limit }),
    cacheRead: (cache, outcome) => countReads(cache, outcome),
    breakerChanged: (target, state) => breakers.set({ target }, BREAKER_VALUE[state]),
    outboundTimer(target) {
      const children = new Map<string, Histogram.Internal<string>>()
      return (outcome, seconds) => {
        let child = children.get(outcome)
        if (child === undefined) {
          child = calls.labels(target, outcome)
          children.set(outcome, child)
        }
        child.observe(seconds)
      }
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

/** Finding a child by its labels is what costs; it is done once per pair. */
function byTwoLabels(counter: Counter): (first: string, second: string) => void {
  const children = new Map<string, Counter.Internal>()
  return (first, second) => {
    const key = `${first} ${second}`
    let child = children.get(key)
    if (child === undefined) {
      child = counter.labels(first, second)
      children.set(key, child)
    }
    child.inc()
  }
}
