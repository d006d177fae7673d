import { once } from 'node:events'
import { createConnection } from 'node:net'
import { expect } from 'chai'
import { createMetrics } from '../../../src/platform/observability/metrics.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'

/** Series of our own, as `name{labels} value`. */
async function seriesOf(read: () => Promise<string>): Promise<string[]> {
  return (await read()).split('\n').filter((line) => line.startsWith('cloakroom_'))
}

describe('The metrics', () => {
  it('count requests by route, method and status class', async () => {
    const metrics = createMetrics()
    const count = metrics.requestCounter('orders', 'GET')
    for (const status of [200, 204, 301, 404, 503]) count(status, 0.02)
    const { contentType, text } = await metrics.expose()
    expect(contentType).to.match(/^text\/plain; version=/)
    for (const [status, times] of Object.entries({ '2xx': 2, '3xx': 1, '4xx': 1, '5xx': 1 }))
      expect(text).to.contain(
        `cloakroom_http_request_seconds_count{route="orders",method="GET",status="${status}"} ${times}`,
      )
  })

  it('tell what happened, in one series each', async () => {
    const metrics = createMetrics()
    metrics.authenticated('bearer', 'TOKEN_EXPIRED')
    metrics.authenticated('bearer', 'TOKEN_EXPIRED')
    metrics.loginFinished('ok')
    metrics.sessionEnded('logout')
    metrics.tokensRefreshed('over')
    metrics.serviceTokenAnswered('client_credentials', 'invalid_client')
    metrics.rateLimited('login')
    metrics.limitsShared(true)
    metrics.cacheRead('jwks', 'stale')
    metrics.breakerChanged('provider:token', 'open')
    const timer = metrics.outboundTimer('orders')
    timer('ok', 0.1)
    timer('timeout', 30)
    const series = await seriesOf(async () => (await metrics.expose()).text)
    expect(series).to.include.members([
      'cloakroom_authentications_total{method="bearer",outcome="TOKEN_EXPIRED"} 2',
      'cloakroom_logins_total{outcome="ok"} 1',
      'cloakroom_sessions_ended_total{why="logout"} 1',
      'cloakroom_token_refreshes_total{outcome="over"} 1',
      'cloakroom_service_tokens_total{operation="client_credentials",outcome="invalid_client"} 1',
      'cloakroom_rate_limited_total{limit="login"} 1',
      'cloakroom_rate_limits_shared 1',
      'cloakroom_cache_reads_total{cache="jwks",outcome="stale"} 1',
      'cloakroom_breaker_state{target="provider:token"} 2',
      'cloakroom_outbound_call_seconds_count{target="orders",outcome="ok"} 1',
      'cloakroom_outbound_call_seconds_count{target="orders",outcome="timeout"} 1',
    ])
  })

  it('show the state of a breaker as a number', async () => {
    const metrics = createMetrics()
    const states = { closed: 0, 'half-open': 1, open: 2 } as const
    for (const [state, value] of Object.entries(states)) {
      metrics.breakerChanged('redis', state as keyof typeof states)
      expect((await metrics.expose()).text).to.contain(`cloakroom_breaker_state{target="redis"} ${value}\n`)
    }
  })

  it('of two gateways in one process do not mix', async () => {
    const [one, other] = [createMetrics(), createMetrics()]
    one.loginFinished('ok')
    expect((await other.expose()).text).not.to.contain('cloakroom_logins_total{')
  })
})

describe('The metrics of a gateway that is called by strangers', () => {
  let gateway: GatewayUnderTest
  before(async () => {
    const auth = ['session', 'bearer']
    gateway = await startGateway({
      routes: [{ id: 'orders', path: '/api/orders', upstream: 'http://127.0.0.1:9', auth }],
    })
  })
  after(() => gateway.stop())

  const scrape = () => seriesOf(async () => (await fetch(`${gateway.managementUrl}/metrics`)).text())
  const labels = async () => new Set((await scrape()).map((line) => line.replace(/\} .*$/, '}')))

  async function provoke(round: number): Promise<void> {
    for (let at = 0; at < 10; at++) {
      const made = `${round}-${at}-${Math.random().toString(36).slice(2)}`
      const headers = { authorization: `Bearer ${made}`, 'user-agent': made, 'x-request-id': made }
      await fetch(`${gateway.url}/${made}?x=${made}`, { headers })
      await fetch(`${gateway.url}/api/orders/${made}`, { headers })
      await fetch(`${gateway.url}/api/v1/admin/users/${made}`, { headers })
      await fetch(`${gateway.url}/me`, { headers: { cookie: `cloakroom=s%3A${made}.${made}` } })
      await fetch(`${gateway.url}/callback?state=${made}&code=${made}`, { redirect: 'manual' })
      await fetch(`${gateway.url}/login?returnTo=/${made}`, { redirect: 'manual', headers: { accept: 'text/html' } })
      await raw(`M${made.toUpperCase().replace(/[^A-Z]/g, '')} /${made} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    }
  }

  async function raw(text: string): Promise<void> {
    const socket = createConnection(gateway.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(text)
    socket.resume()
    await once(socket, 'close')
  }

  it('do not grow with what they make up', async () => {
    await provoke(1)
    const before = await labels()
    await provoke(2)
    const grown = [...(await labels())].filter((series) => !before.has(series))
    expect(grown).to.deep.equal([])
    expect([...before].filter((series) => /\{/.test(series)).join('\n')).not.to.match(/="[12]-\d-/)
  })

  it('are on the management port alone, and name nobody', async () => {
    expect((await fetch(`${gateway.url}/metrics`)).status).to.equal(404)
    const text = (await scrape()).join('\n')
    expect(text).not.to.match(/127\.0\.0\.1:\d+/)
    expect(text).to.contain('cloakroom_authentications_total{method="bearer",outcome="TOKEN_INVALID"}')
  })
})
