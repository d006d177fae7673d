import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { createClient } from 'redis'
import { createRedisRefreshLease } from '../../src/identity/session/redis-refresh-lease.ts'
import { createLocalRefreshLease, type Lease } from '../../src/identity/session/refresh-lease.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createRedisClient } from '../../src/platform/redis/redis-client.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { refreshLeaseContract } from './refresh-lease-contract.ts'

const local = createLocalRefreshLease()
refreshLeaseContract('The lease in one process', async () => local)

describe('Redis', () => {
  let redis: RedisServer
  const clients: ReturnType<typeof createRedisClient>[] = []
  before(async function () {
    needRedis(this)
    redis = await startRedis()
  })
  after(async () => {
    for (const client of clients) client.destroy()
    await redis?.stop()
  })

  async function make(): Promise<Lease> {
    const client = createRedisClient(redis.url, silentLog)
    await client.connect()
    clients.push(client)
    return createRedisRefreshLease({ redis: client, pause, now: Date.now })
  }

  refreshLeaseContract('The lease in Redis', make)

  it('is kept while a slow task runs, and given up when its holder died', async () => {
    const lease = await make()
    const spy = createClient({ url: redis.url })
    await spy.connect()
    const { promise: finished, resolve } = Promise.withResolvers<void>()
    const running = lease.run('slow', () => finished)
    const [key = ''] = await keysOf(spy)
    await spy.pExpire(key, 1_100)
    while ((await spy.pTTL(key)) < 2_000) await pause(20)
    resolve()
    await running
    expect(await keysOf(spy)).to.deep.equal([])
    await spy.set(key, 'somebody who died', { expiration: { type: 'PX', value: 200 } })
    expect(await lease.run('slow', async () => 'mine')).to.equal('mine')
    spy.destroy()
  })

  async function keysOf(spy: { keys(pattern: string): Promise<string[]> }): Promise<string[]> {
    for (;;) {
      const keys = await spy.keys('cloakroom:refresh:*')
      if (keys.length < 2) return keys
      await pause(5)
    }
  }
})
