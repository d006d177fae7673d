import type { RedisConfig } from '../../src/platform/config/redis-settings.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createRedis } from '../../src/platform/redis/create-redis.ts'
import type { Redis } from '../../src/platform/redis/redis-client.ts'
import { createRedisNode, type RedisNode } from '../../src/platform/redis/redis-node.ts'
import { startClusterSetUp } from '../support/redis-cluster.ts'
import { startSentinelSetUp } from '../support/redis-sentinel.ts'

/** A Redis of several processes whose time a test can move. */
export interface SpreadRedisWorld {
  readonly redis: Redis
  /** What one more instance has. */
  another(): Promise<Redis>
  /** Lets every key grow older, and expire, by so many milliseconds. */
  age(milliseconds: number): Promise<void>
  empty(): Promise<void>
  stop(): Promise<void>
}

type StartSpreadRedis = () => Promise<SpreadRedisWorld>

/** The forms of Redis besides the single one. */
export const spreadRedis: Record<string, StartSpreadRedis> = {
  async Sentinel() {
    const setUp = await startSentinelSetUp()
    const login = { username: undefined, password: undefined, tls: false }
    const sentinels = setUp.sentinels.map(({ port }) => ({ host: '127.0.0.1', port }))
    const { port } = await setUp.primary()
    return worldOf(
      { kind: 'sentinel', sentinels, name: setUp.name, sentinelPassword: undefined, database: 0, ...login },
      [port],
      setUp.stop,
    )
  },
  async Cluster() {
    const setUp = await startClusterSetUp()
    const login = { username: undefined, password: undefined, tls: false }
    const ports = setUp.nodes.map(({ port }) => port)
    return worldOf(
      { kind: 'cluster', nodes: ports.map((port) => ({ host: '127.0.0.1', port })), ...login },
      ports,
      setUp.stop,
    )
  },
}

async function worldOf(config: RedisConfig, ports: number[], stop: () => Promise<void>): Promise<SpreadRedisWorld> {
  const clients: Redis[] = []
  const another = async () => {
    const redis = createRedis(config, silentLog)
    clients.push(redis)
    await redis.connect()
    return redis
  }
  const nodes = await Promise.all(ports.map(openNode))
  return {
    redis: await another(),
    another,
    age: async (milliseconds) => void (await Promise.all(nodes.map((node) => ageKeysOf(node, milliseconds)))),
    empty: async () => void (await Promise.all(nodes.map((node) => node.flushAll()))),
    async stop() {
      for (const client of clients) client.destroy()
      for (const node of nodes) node.destroy()
      await stop()
    },
  }
}

async function openNode(port: number): Promise<RedisNode> {
  const node = createRedisNode({ socket: { host: '127.0.0.1', port, tls: false } })
  node.on('error', () => undefined)
  await node.connect()
  return node
}

async function ageKeysOf(node: RedisNode, milliseconds: number): Promise<void> {
  for (const key of await node.keys('*')) {
    const left = await node.pTTL(key)
    if (left >= 0) await (left <= milliseconds ? node.del(key) : node.pExpire(key, left - milliseconds))
  }
}
