import { expect } from 'chai'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'
import { the } from '../support/the.ts'

const HEALTH = '/api/v1/monitoring/health'
const BREAKERS = '/api/v1/monitoring/circuit-breakers'
const METRICS = '/api/v1/monitoring/metrics'

describe('What monitoring shows', () => {
  let world: GuardedGateway
  before(async () => {
    world = await startGuardedGateway(
      (upstream) => [{ id: 'orders', path: '/orders', upstream, auth: ['session', 'bearer'] }],
      { RATE_LIMIT_AUTH_FAILURES: 'off' },
    )
  })
  after(() => world.stop())

  const ask = async (target: string, headers: Record<string, string> = world.bearer(the.bob())) => {
    const answer = await world.client.ask({ target, headers })
    return { status: answer.status, cached: answer.header('cache-control'), data: answer.json().data }
  }

  it('is the health, to anyone: a word, a time and the state of every breaker', async () => {
    const { status, cached, data } = await ask(HEALTH, {})
    expect([status, cached, data.status, data.version]).to.deep.equal([200, 'no-store', 'healthy', '1.0'])
    expect(data.timestamp).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(data.circuit_breakers).to.include({
      'provider:token': 'closed',
      'provider:keys': 'closed',
      database: 'closed',
    })
    expect(data.dependencies).to.include({ identity_provider: 'up' })
  })

  it('is each breaker, to an administrator: its state, failures, last failure and next attempt', async () => {
    const { status, data } = await ask(BREAKERS)
    expect(status).to.equal(200)
    expect(data.circuit_breakers['provider:token']).to.deep.equal({
      state: 'closed',
      failure_count: 0,
      last_failure: null,
      next_attempt: null,
    })
  })

  it('is how the gateway does, to an administrator: requests, credentials, caches and dependencies', async () => {
    const before = (await ask(METRICS)).data
    for (let at = 0; at < 3; at++) await world.client.ask({ target: '/orders', headers: world.bearer(the.alice()) })
    await world.client.ask({ target: '/orders' })
    const { data } = await ask(METRICS)
    expect(data.requests.total - before.requests.total).to.be.at.least(4)
    expect(data.requests.by_status['4xx']).to.be.at.least(1)
    expect(data.authentications.bearer.ok - before.authentications.bearer.ok).to.equal(4)
    expect(data.caches.jwks).to.have.keys('hits', 'misses', 'stale', 'hit_ratio')
    expect(data.dependencies['upstream:orders'].by_outcome.ok).to.be.at.least(3)
    expect(data.memory_bytes).to.be.greaterThan(1e6)
  })

  for (const target of [BREAKERS, METRICS]) {
    it(`is at ${target} for administrators alone`, async () => {
      expect((await ask(target, {})).status).to.equal(401)
      expect((await ask(target, world.bearer(the.alice()))).status).to.equal(403)
    })
  }

  it('is read, never written', async () => {
    for (const target of [HEALTH, BREAKERS, METRICS]) {
      const answer = await world.client.ask({ method: 'DELETE', target, headers: world.bearer(the.bob()) })
      expect([answer.status, answer.header('allow')]).to.deep.equal([405, 'GET, HEAD'])
    }
  })

  it('shows an open breaker, when it opened and when it tries again', async () => {
    await world.provider.goAway()
    world.clock.advance('10s')
    for (let at = 0; at < 8; at++) await world.client.ask({ target: '/login', headers: { Accept: 'text/html' } })
    const { data } = await ask(HEALTH, {})
    expect(data.status).to.equal('degraded')
    expect(Object.values(data.circuit_breakers)).to.include('open')
    expect(world.gateway.logText()).to.match(
      /"breaker":"open".*"message":"a circuit breaker changed"|"message":"a circuit breaker changed".*"breaker":"open"/,
    )
    await world.provider.comeBack()
  })
})
