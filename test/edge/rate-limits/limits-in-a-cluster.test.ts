import { expect } from 'chai'
import { type RedisWorld, startRedisWorld } from '../../contracts/redis-world.ts'
import { type EchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { rawClient } from '../../support/raw-client.ts'
import { needRedis } from '../../support/redis-server.ts'
import { type ScriptedProvider, startScriptedProvider } from '../../support/scripted-provider.ts'
import { the } from '../../support/the.ts'
import { until } from '../until.ts'

const BAD = { Authorization: 'Bearer x.y.z' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** So long a busy machine does not keep Redis from answering. */
const PATIENCE = 10_000

describe('Limits over two gateways on one Redis', () => {
  let patience = PATIENCE
  let world: RedisWorld
  let upstream: EchoUpstream
  let provider: ScriptedProvider
  let gateways: GatewayUnderTest[] = []
  before(async function () {
    needRedis(this)
    world = await startRedisWorld()
    ;[upstream, provider] = await Promise.all([startEchoUpstream(), startScriptedProvider()])
  })
  beforeEach(async () => {
    patience = PATIENCE
    await until(() => world.redis.isReady)
    await world.empty()
  })
  after(() => Promise.all([world?.stop(), upstream?.stop(), provider?.stop()]))
  afterEach(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    gateways = []
  })

  /** Two instances with these settings; `ask` asks them in turn. */
  async function cluster(env: Record<string, string>) {
    const options = {
      countersMs: () => patience,
      env: {
        ...provider.env,
        REDIS_URL: world.server.url,
        SESSION_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
        LOG_LEVEL: 'warn',
        ...env,
      },
      routes: [
        {
          upstream: upstream.origin,
          id: 'tight',
          path: '/tight',
          auth: 'none',
          rateLimit: { limit: 10, window: 3600 },
        },
        { upstream: upstream.origin, id: 'wide', path: '/wide', auth: 'none' },
        {
          upstream: upstream.origin,
          id: 'login',
          path: '/mine',
          auth: ['bearer'],
          rateLimit: { limit: 3, window: 3600 },
        },
      ],
    }
    gateways = [await startGateway(options), await startGateway(options)]
    const clients = gateways.map(({ port }) => rawClient(port))
    let turn = 0
    const ask = (target: string, more: { method?: string; headers?: Record<string, string>; body?: string } = {}) => {
      const client = clients[turn++ % 2]
      if (client === undefined) throw new Error('there is no gateway')
      return client.ask({ target, ...more })
    }
    const statuses = async (times: number, ...call: Parameters<typeof ask>) => {
      const all: number[] = []
      for (let i = 0; i < times; i++) all.push((await ask(...call)).status)
      return all
    }
    return { ask, statuses }
  }
  function bearer(person = the.alice()) {
    provider.script.person = person
    return { Authorization: `Bearer ${provider.accessToken()}` }
  }

  it('hold for a route, also when all calls come at once', async () => {
    const { ask } = await cluster({})
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask('/tight')))
    expect(answers.filter(({ status }) => status === 200)).to.have.length(10)
    expect(answers.filter(({ status }) => status === 429)).to.have.length(30)
  })

  it('hold for everything together, with at most 1 % more for each gateway', async () => {
    const { ask } = await cluster({ RATE_LIMIT_DEFAULT: '400/3600' })
    let passed = 0
    for (let round = 0; round < 13; round++) {
      const answers = await Promise.all(Array.from({ length: 40 }, () => ask('/wide')))
      passed += answers.filter(({ status }) => status === 200).length
    }
    expect(passed).to.be.within(400, 408)
  })

  it('count own endpoints and routes as one, and tell the whole of it', async () => {
    const { ask, statuses } = await cluster({ RATE_LIMIT_DEFAULT: '6/3600' })
    expect(await statuses(2, '/wide')).to.deep.equal([200, 200])
    const ready = await ask('/ready')
    expect(ready.header('ratelimit')).to.match(/^"default"; r=3; t=\d+$/)
    const tight = await ask('/tight')
    expect(tight.header('ratelimit-policy')).to.equal('"default"; q=6; w=3600, "tight"; q=10; w=3600')
    expect(tight.header('ratelimit')).to.match(/^"default"; r=2; t=\d+, "tight"; r=9; t=\d+$/)
    expect(await statuses(3, '/wide')).to.deep.equal([200, 200, 429])
  })

  it('hold for signing in, exactly', async () => {
    const { statuses } = await cluster({ RATE_LIMIT_LOGIN: '5/3600' })
    const callback = await statuses(7, '/callback?state=x&code=y')
    expect(callback).to.deep.equal([400, 400, 400, 400, 400, 429, 429])
  })

  it('hold for back-channel logout, exactly', async () => {
    const { statuses } = await cluster({ RATE_LIMIT_BACKCHANNEL: '5/3600' })
    const post = { method: 'POST', headers: FORM, body: 'logout_token=x' }
    expect(await statuses(7, '/backchannel-logout', post)).to.deep.equal([400, 400, 400, 400, 400, 429, 429])
  })

  it('hold for administrators, by identity', async () => {
    const { statuses } = await cluster({ RATE_LIMIT_MANAGEMENT: '5/3600' })
    const bob = { headers: bearer(the.bob()) }
    expect(await statuses(7, '/cache/info', bob)).to.deep.equal([200, 200, 200, 200, 200, 429, 429])
    const other = { headers: bearer({ ...the.bob(), sub: 'another-administrator' }) }
    expect(await statuses(1, '/cache/info', other)).to.deep.equal([200])
  })

  it('hold for a caller that is known; a route that is named like a limit of the gateway has its own', async () => {
    const { statuses } = await cluster({ RATE_LIMIT_LOGIN: '1/3600' })
    expect(await statuses(4, '/mine', { headers: bearer() })).to.deep.equal([200, 200, 200, 429])
    expect(await statuses(1, '/mine', { headers: bearer(the.bob()) })).to.deep.equal([200])
    expect(await statuses(1, '/callback?state=x&code=y')).to.deep.equal([400])
  })

  it('close the door for who tries tokens, with at most one try more for each further gateway', async () => {
    const { statuses } = await cluster({ RATE_LIMIT_AUTH_FAILURES: '3/3600' })
    expect(await statuses(8, '/mine', { headers: BAD })).to.deep.equal([401, 401, 401, 401, 429, 429, 429, 429])
  })

  it('tell a reader of Redis nothing about anybody', async () => {
    const { statuses } = await cluster({})
    await statuses(2, '/mine', { headers: bearer() })
    await statuses(2, '/tight')
    const keys = await world.redis.keys('cloakroom:limit:*')
    const dump = JSON.stringify(await Promise.all(keys.map(async (key) => [key, await world.redis.hGetAll(key)])))
    expect(keys.length).to.be.at.least(4)
    for (const canary of ['127.0.0.1', the.alice().sub, 'alice', 'tight', 'default'])
      expect(dump).not.to.include(canary)
  })

  it('never stop a call because Redis is away', async () => {
    const { ask, statuses } = await cluster({ RATE_LIMIT_DEFAULT: '1000/3600' })
    await statuses(4, '/wide')
    for (const [away, back] of [
      [world.server.pause, world.server.resume],
      [world.server.kill, world.server.restart],
    ] as const) {
      await away()
      patience = 200
      const answers = await Promise.all(Array.from({ length: 60 }, () => ask('/wide')))
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]))
      expect(answers.every((answer) => /^"default"; r=\d+; t=\d+$/.test(answer.header('ratelimit') ?? ''))).to.equal(
        true,
      )
      expect((await ask('/callback?state=x&code=y')).header('ratelimit')).to.match(/^"login"; r=/)
      patience = PATIENCE
      await back()
    }
  })
})
