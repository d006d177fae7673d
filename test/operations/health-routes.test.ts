import { expect } from 'chai'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'

describe('The health of the gateway', () => {
  let world: GuardedGateway
  beforeEach(async () => {
    world = await startGuardedGateway(() => [])
  })
  afterEach(() => world.stop())

  const ask = (target: string, headers = {}) => world.client.ask({ target, headers })

  it('is told to anyone under any name', async () => {
    for (const headers of [{}, { Host: '10.0.0.7:3000' }, { Authorization: 'Bearer x' }, { Cookie: 'cloakroom=x' }]) {
      const answer = await ask('/health', headers)
      expect([answer.status, answer.text()]).to.deep.equal([200, '{"status":"ok"}'])
      expect(answer.header('cache-control')).to.equal('no-store')
    }
  })

  it('is told to HEAD without a body, and to no other method', async () => {
    const head = await world.client.ask({ method: 'HEAD', target: '/health' })
    expect([head.status, head.body.length]).to.deep.equal([200, 0])
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const refused = await world.client.ask({ method, target: '/health' })
      expect([refused.status, refused.header('allow')]).to.deep.equal([405, 'GET, HEAD'])
    }
  })

  it('does not depend on anything', async () => {
    await world.provider.goAway()
    expect((await ask('/health')).status).to.equal(200)
  })

  it('is at its address only', async () => {
    for (const target of ['/health/', '/Health', '/healthz', '/ready/', '/READY'])
      expect((await ask(target)).status, target).to.equal(404)
  })

  it('is told more of in /ready: each dependency by itself', async () => {
    const answer = await ask('/ready')
    expect(answer.status).to.equal(200)
    expect(answer.json()).to.deep.equal({
      status: 'ready',
      dependencies: { identity_provider: { status: 'up', required: false } },
    })
    expect(answer.header('cache-control')).to.equal('no-store')
  })

  it('allows traffic while the provider is away, and says so without naming hosts', async () => {
    await world.provider.goAway()
    const answer = await ask('/ready')
    expect(answer.status).to.equal(200)
    expect(answer.json().dependencies.identity_provider).to.deep.include({ status: 'down', required: false })
    expect(answer.text()).not.to.match(/127\.0\.0\.1|ECONN|realms/)
  })

  it('allows no more traffic once the gateway stops, while /health goes on', async () => {
    const connection = await world.client.connect()
    connection.send({ target: '/ready' })
    expect((await connection.answer()).header('connection')).to.equal('keep-alive')
    world.gateway.gateway.beginStopping()
    connection.send({ target: '/ready' })
    const answer = await connection.answer()
    expect(answer.status).to.equal(503)
    expect(answer.json()).to.include({ status: 'not-ready', stopping: true })
    expect(answer.header('connection')).to.equal('close')
    await connection.closed()
    expect((await ask('/health')).status).to.equal(200)
  })
})
