import { createMemoryTokenDenylist } from '../../src/identity/bearer/memory-token-denylist.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import type { TestClock } from '../support/test-clock.ts'
import { type DenylistInstance, startDenylistInstance } from './denylist-instances.ts'
import { tokenDenylistContract } from './token-denylist-contract.ts'

tokenDenylistContract('The denylist in memory', async (clock) => {
  const list = createMemoryTokenDenylist({ clock, maxSize: 1_000 })
  return { here: list, elsewhere: list }
})

describe('With Redis', () => {
  let redis: RedisServer
  const instances: DenylistInstance[] = []
  before(async function () {
    needRedis(this)
    redis = await startRedis()
  })
  afterEach(async () => {
    for (const instance of instances.splice(0)) await instance.close()
  })
  after(() => redis?.stop())

  async function two(clock: TestClock): Promise<[DenylistInstance, DenylistInstance]> {
    const pair = await Promise.all([
      startDenylistInstance(redis.url, { clock }),
      startDenylistInstance(redis.url, { clock }),
    ])
    instances.push(...pair)
    return pair
  }
  const lists = ([here, elsewhere]: [DenylistInstance, DenylistInstance]) => ({
    here: here.list,
    elsewhere: elsewhere.list,
  })

  tokenDenylistContract('the denylist in Redis', async (clock) => {
    const pair = await two(clock)
    await Promise.all(pair.map((instance) => instance.settled()))
    return lists(pair)
  })

  tokenDenylistContract('the denylist in Redis, from the first moment on,', async (clock) => lists(await two(clock)))

  tokenDenylistContract('the denylist in Redis whose messages are not heard', async (clock) => {
    const pair = await two(clock)
    for (const instance of pair) instance.hears = false
    return lists(pair)
  })

  tokenDenylistContract('the denylist in Redis with no room in the process', async (clock) => {
    const make = () => startDenylistInstance(redis.url, { clock, maxSize: 1 })
    const pair: [DenylistInstance, DenylistInstance] = [await make(), await make()]
    instances.push(...pair)
    return lists(pair)
  })
})
