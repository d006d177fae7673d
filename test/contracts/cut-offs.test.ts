import { expect } from 'chai'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createMessageBus, type MessageBus } from '../../src/platform/redis/message-bus.ts'
import { createRedisClient, type Redis } from '../../src/platform/redis/redis-client.ts'
import type { CutOffs } from '../../src/revocation/cut-offs.ts'
import { createMemoryCutOffs } from '../../src/revocation/memory-cut-offs.ts'
import { createRedisCutOffs } from '../../src/revocation/redis-cut-offs.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { testClock } from '../support/test-clock.ts'

const DAY = 86_400_000
const NEVER = Number.NEGATIVE_INFINITY
const clock = testClock()
const issuer = 'https://id.test/realms/demo'

function cutOffsContract(name: string, make: () => Promise<CutOffs>): void {
  describe(`${name} keep the cut-off contract`, () => {
    const now = clock.now()

    it('know of nothing at first', async () => {
      const cutOffs = await make()
      expect([cutOffs.endedUntil('alice'), cutOffs.renewUntil('alice')]).to.deep.equal([NEVER, NEVER])
    })

    it('concern the person they were raised for, and one kind', async () => {
      const cutOffs = await make()
      expect(await cutOffs.raise({ kind: 'end', subject: 'alice', at: now })).to.equal(true)
      expect([cutOffs.endedUntil('alice'), cutOffs.renewUntil('alice')]).to.deep.equal([now, NEVER])
      expect(cutOffs.endedUntil('bob')).to.equal(NEVER)
    })

    it('only move forward', async () => {
      const cutOffs = await make()
      await cutOffs.raise({ kind: 'renew', subject: 'alice', at: now })
      expect(await cutOffs.raise({ kind: 'renew', subject: 'alice', at: now })).to.equal(false)
      expect(await cutOffs.raise({ kind: 'renew', subject: 'alice', at: now - 1 })).to.equal(false)
      expect(cutOffs.renewUntil('alice')).to.equal(now)
      expect(await cutOffs.raise({ kind: 'renew', subject: 'alice', at: now + 1 })).to.equal(true)
      expect(cutOffs.renewUntil('alice')).to.equal(now + 1)
    })

    it('of everyone concern each person, whichever is later', async () => {
      const cutOffs = await make()
      await cutOffs.raise({ kind: 'end', subject: null, at: now })
      expect(cutOffs.endedUntil('anybody')).to.equal(now)
      await cutOffs.raise({ kind: 'end', subject: 'alice', at: now - 5 })
      await cutOffs.raise({ kind: 'end', subject: 'bob', at: now + 5 })
      expect(['alice', 'bob', '*'].map(cutOffs.endedUntil)).to.deep.equal([now, now + 5, now])
    })

    it('end sessions of before, and of the same second those that were there already', async () => {
      const cutOffs = await make()
      const second = Math.floor(now / 1_000) * 1_000
      await cutOffs.raise({ kind: 'end', subject: 'alice', at: second + 500 })
      const ends = (issuedAt: number, createdAt: number) => cutOffs.endsSession('alice', { issuedAt, createdAt })
      expect(ends(second - 1_000, now + 60_000)).to.equal(true)
      expect(ends(second, now)).to.equal(true)
      expect(ends(second, now + 1)).to.equal(false)
      expect(ends(second + 1_000, now)).to.equal(false)
      expect(cutOffs.endsSession('bob', { issuedAt: 0, createdAt: 0 })).to.equal(false)
    })

    it('tell of news, and only of news', async () => {
      const cutOffs = await make()
      let news = 0
      cutOffs.onRaised(() => news++)
      await cutOffs.raise({ kind: 'end', subject: 'alice', at: now })
      await cutOffs.raise({ kind: 'end', subject: 'alice', at: now - 1 })
      await cutOffs.reload()
      expect(news).to.equal(1)
    })
  })
}

cutOffsContract('Cut-offs in one process', async () => createMemoryCutOffs({ issuer, clock, keepMs: DAY }))

describe('In Redis', () => {
  let server: RedisServer
  let redis: Redis
  const buses: MessageBus[] = []
  before(async function () {
    needRedis(this)
    server = await startRedis()
    redis = createRedisClient(server.url, silentLog)
    await redis.connect()
  })
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close()
    await redis.del(['cloakroom:cut-offs-end', 'cloakroom:cut-offs-renew'])
  })
  after(async () => {
    redis?.destroy()
    await server?.stop()
  })

  async function instance(): Promise<CutOffs> {
    const bus = createMessageBus(redis, silentLog)
    buses.push(bus)
    const cutOffs = createRedisCutOffs({ redis, bus, clock, issuer, keepMs: DAY })
    while (!bus.isListening()) await new Promise((resolve) => setTimeout(resolve, 5))
    return cutOffs
  }

  cutOffsContract('cut-offs', instance)

  it('a cut-off is known to every instance when raising it resolves', async () => {
    const [first, second] = [await instance(), await instance()]
    await first.raise({ kind: 'end', subject: 'alice', at: clock.now() })
    expect(second.endedUntil('alice')).to.equal(clock.now())
  })

  it('an instance that has missed it reads it later', async () => {
    const first = await instance()
    await first.raise({ kind: 'renew', subject: null, at: clock.now() })
    const deaf = { publish: async () => 0, subscribe: () => undefined, onReconnect: () => undefined }
    const late = createRedisCutOffs({ redis, bus: deaf, clock, issuer, keepMs: DAY })
    expect(late.renewUntil('alice')).to.equal(NEVER)
    await late.reload()
    expect(late.renewUntil('alice')).to.equal(clock.now())
  })

  it('what no session and no token can be older than is forgotten', async () => {
    const cutOffs = await instance()
    await cutOffs.raise({ kind: 'end', subject: 'alice', at: clock.now() - 2 * DAY })
    await cutOffs.raise({ kind: 'end', subject: 'bob', at: clock.now() })
    expect(await redis.zRangeWithScores('cloakroom:cut-offs-end', 0, -1)).to.have.length(1)
  })

  it('nobody is named in it', async () => {
    const cutOffs = await instance()
    await cutOffs.raise({ kind: 'end', subject: 'canary-subject', at: clock.now() })
    const [entry] = await redis.zRangeWithScores('cloakroom:cut-offs-end', 0, -1)
    expect(entry?.value).to.match(/^[\w-]{43}$/)
  })
})
