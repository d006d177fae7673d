import { expect } from 'chai'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createRedisClient, type Redis } from '../../src/platform/redis/redis-client.ts'
import { createMemoryProgress, type ProgressStore } from '../../src/revocation/progress.ts'
import { createRedisProgress } from '../../src/revocation/redis-progress.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'

const PROGRESS = { adminAt: 1, userAt: 2, polledAt: 3, covered: true }
const KEY = 'cloakroom:revocation-progress'

function progressContract(name: string, make: () => Promise<ProgressStore>): void {
  describe(`${name} keeps the progress contract`, () => {
    it('is unknown at first, and then what was written last', async () => {
      const store = await make()
      expect(await store.read()).to.equal(undefined)
      await store.write(PROGRESS)
      await store.write({ ...PROGRESS, adminAt: 5 })
      expect(await store.read()).to.deep.equal({ ...PROGRESS, adminAt: 5 })
    })
  })
}

progressContract('Progress in one process', async () => createMemoryProgress())

describe('In Redis', () => {
  let server: RedisServer
  let redis: Redis
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

  progressContract('progress', async () => {
    await redis.del(KEY)
    return createRedisProgress(redis)
  })

  it('what somebody else has written counts as nothing', async () => {
    for (const text of ['', 'null', '[]', '{"adminAt":"soon"}', '{']) {
      await redis.set(KEY, text)
      expect(await createRedisProgress(redis).read(), text).to.equal(undefined)
    }
  })

  it('is unknown, not lost, while Redis is away', async () => {
    const away = createRedisProgress(createRedisClient('redis://127.0.0.1:1', silentLog))
    for (const attempt of [away.read(), away.write(PROGRESS)])
      expect(await attempt.catch((error: { code: string }) => error.code)).to.equal('SESSION_STORE_UNAVAILABLE')
  })
})
