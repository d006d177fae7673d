import { expect } from 'chai'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'

describe('The management port', () => {
  let world: GuardedGateway
  let management: RawClient
  before(async () => {
    world = await startGuardedGateway(
      (upstream) => [
        { id: 'orders', path: '/orders', upstream, auth: ['bearer'] },
        { id: 'away', path: '/away', upstream: 'http://127.0.0.1:9', auth: 'none' },
      ],
      { RATE_LIMIT_AUTH_FAILURES: 'off' },
    )
    management = rawClient(Number(new URL(world.gateway.managementUrl).port))
  })
  after(() => world.stop())

  const metrics = async () => (await management.ask({ target: '/metrics' })).text()

  /** The sum of every sample of a metric whose labels hold these. */
  async function count(name: string, labels: Record<string, string>): Promise<number> {
    const lines = (await metrics()).split('\n').filter((line) => line.startsWith(`${name}{`))
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
    return lines
      .filter((line) => wanted.every((pair) => line.includes(pair)))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }

  it('shows what Prometheus reads, to whoever can reach it', async () => {
    const answer = await management.ask({ target: '/metrics' })
    expect(answer.status).to.equal(200)
    expect(answer.header('content-type')).to.match(/^text\/plain; version=0\.0\.4/)
    expect(answer.header('cache-control')).to.equal('no-store')
    expect(answer.text()).to.contain('process_cpu_seconds_total')
  })

  it('tells that the process lives', async () => {
    expect((await management.ask({ target: '/health' })).json()).to.deep.equal({ status: 'ok' })
  })

  it('has nothing else', async () => {
    for (const target of ['/', '/metrics/', '/cache/info', '/me', '/orders', '//metrics', '/../metrics'])
      expect((await management.ask({ target })).status, target).to.equal(404)
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await management.ask({ method, target: '/metrics' })).status, method).to.equal(404)
  })

  it('is the only place for metrics', async () => {
    for (const target of ['/metrics', '/metrics/', '/api/v1/metrics'])
      expect((await world.client.ask({ target })).status, target).to.be.oneOf([401, 404])
  })

  it('counts requests by route, method and class of status', async () => {
    const labels = { route: 'orders', method: 'GET', status: '2xx' }
    const before = await count('cloakroom_http_request_seconds_count', labels)
    await world.client.ask({ target: '/orders/7', headers: world.bearer() })
    await world.client.ask({ target: '/orders/8?x=1', headers: world.bearer() })
    expect(await count('cloakroom_http_request_seconds_count', labels)).to.equal(before + 2)
  })

  it('counts credentials by what became of them', async () => {
    const of = (outcome: string) => count('cloakroom_authentications_total', { method: 'bearer', outcome })
    const before = [await of('ok'), await of('TOKEN_INVALID')]
    await world.client.ask({ target: '/orders', headers: world.bearer() })
    await world.client.ask({ target: '/orders', headers: { Authorization: 'Bearer x.y.z' } })
    expect([await of('ok'), await of('TOKEN_INVALID')]).to.deep.equal(before.map((number) => number + 1))
  })

  it('times upstreams, by what became of the call', async () => {
    await world.client.ask({ target: '/orders', headers: world.bearer() })
    await world.client.ask({ target: '/away' })
    const timed = (target: string, outcome: string) =>
      count('cloakroom_outbound_call_seconds_count', { target, outcome })
    expect(await timed('upstream:orders', 'ok')).to.be.at.least(1)
    expect(await timed('upstream:away', 'failed')).to.be.at.least(1)
  })

  it('shows caches and breakers', async () => {
    const text = await metrics()
    expect(text).to.match(/cloakroom_cache_reads_total\{cache="jwks",outcome="(hit|miss)"\} \d/)
    expect(text).to.contain('# TYPE cloakroom_breaker_state gauge')
  })

  it('grows no label for what strangers send', async () => {
    const series = async () => (await metrics()).split('\n').filter((line) => line.includes('route=')).length
    const ask = async (i: number) => {
      await world.client.ask({ target: `/unknown-${i}/x` })
      await world.client.ask({ method: 'PROPFIND', target: `/orders/${i}` })
      await world.client.ask({ method: 'DELETE', target: `/x/../${i}` })
    }
    await ask(0)
    const before = await series()
    for (let i = 1; i <= 20; i++) await ask(i)
    expect(await series()).to.equal(before)
    expect(await metrics()).not.to.match(/unknown-|alice|127\.0\.0\.1|eyJ/)
  })
})
