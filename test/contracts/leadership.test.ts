import { expect } from 'chai'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createSoleLeadership } from '../../src/platform/redis/leadership.ts'
import { createRedisClient, type Redis } from '../../src/platform/redis/redis-client.ts'
import { createRedisLeadership } from '../../src/platform/redis/redis-leadership.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { leadershipContract } from './leadership-contract.ts'

leadershipContract('The leadership of a single process', async () => createSoleLeadership())

describe('In Redis', () => {
  let server: RedisServer
  let redis: Redis
  let elections = 0
  before(async function () {
    needRedis(this)
    server = await startRedis()
    redis = createRedisClient(server.url, silentLog)
    await redis.connect()
  })
  after(async () => {
    redis?.destroy()
    await server?.stop()
  })

  const instance = (key: string, lifeMs = 60_000) => createRedisLeadership({ redis, key, lifeMs })

  leadershipContract('the leadership', async () => instance(`election-${++elections}`))

  it('belongs to one of many', async () => {
    const all = Array.from({ length: 8 }, () => instance('one-of-many'))
    const answers = await Promise.all(all.map((leadership) => leadership.hold()))
    expect(answers.filter(Boolean)).to.have.length(1)
  })

  it('goes over at once when the leader resigns, and nobody else can resign for it', async () => {
    const [first, second] = [instance('resigning'), instance('resigning')]
    expect([await first.hold(), await second.hold()]).to.deep.equal([true, false])
    await second.resign()
    expect([await first.hold(), await second.hold()]).to.deep.equal([true, false])
    await first.resign()
    expect([await second.hold(), await first.hold()]).to.deep.equal([true, false])
  })

  it('goes over when the leader is not heard of any more', async () => {
    const [first, second] = [instance('dying', 60), instance('dying', 60)]
    expect(await first.hold()).to.equal(true)
    while (!(await second.hold()));
    expect(await first.hold()).to.equal(false)
  })

  it('belongs to nobody when Redis is away', async () => {
    const away = createRedisClient('redis://127.0.0.1:1', silentLog)
    const leadership = createRedisLeadership({ redis: away, key: 'away', lifeMs: 1_000 })
    expect(await leadership.hold().catch(() => 'nobody knows')).to.equal('nobody knows')
  })
})
