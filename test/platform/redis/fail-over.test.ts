import { expect } from 'chai'
import { loadConfig } from '../../../src/platform/config/load-config.ts'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createRedis } from '../../../src/platform/redis/create-redis.ts'
import { createMessageBus, type MessageBus } from '../../../src/platform/redis/message-bus.ts'
import { type Redis, withDeadline } from '../../../src/platform/redis/redis-client.ts'
import { redisKeys } from '../../../src/platform/redis/redis-keys.ts'
import { startClusterSetUp } from '../../support/redis-cluster.ts'
import { hasReplicated, type RedisProcess } from '../../support/redis-process.ts'
import { startSentinelSetUp } from '../../support/redis-sentinel.ts'
import { needRedis } from '../../support/redis-server.ts'
import { until } from './connect-redis-client.ts'

interface SetUp {
  env: Record<string, string>
  /** Whoever everything about the message bus is on. */
  primary(): Promise<RedisProcess>
  stop(): Promise<void>
}

const setUps: Record<string, () => Promise<SetUp>> = {
  Sentinel: startSentinelSetUp,
  async Cluster() {
    const cluster = await startClusterSetUp({ replicas: true })
    return { ...cluster, primary: () => cluster.ownerOf(redisKeys.busToAll) }
  },
}

const least = {
  KEYCLOAK_SERVER_URL: 'http://127.0.0.1:9',
  KEYCLOAK_REALM: 'demo',
  KEYCLOAK_CLIENT_ID: 'x',
  KEYCLOAK_CLIENT_SECRET: 'x',
}

for (const [form, start] of Object.entries(setUps)) {
  describe(`Redis ${form} that fails over`, function () {
    this.timeout(30_000)
    let setUp: SetUp
    const instances: { redis: Redis; bus: MessageBus; heard: string[] }[] = []
    before(function () {
      needRedis(this)
    })
    beforeEach(async () => {
      setUp = await start()
      for (let i = 0; i < 2; i++) instances.push(await instance())
      await until(() => instances.every(({ bus }) => bus.isListening()))
    })
    afterEach(async () => {
      for (const { redis, bus } of instances.splice(0)) {
        await bus.close()
        redis.destroy()
      }
      await setUp.stop()
    })

    async function instance() {
      const { redis: config } = loadConfig({ ...least, ...setUp.env }, () => '')
      if (config === undefined) throw new Error('a Redis is configured')
      const redis = createRedis(config, silentLog)
      await redis.connect()
      const bus = createMessageBus(redis, silentLog)
      const heard: string[] = []
      bus.subscribe('things', (text) => void heard.push(text))
      return { redis, bus, heard }
    }

    const endings: Record<string, (primary: RedisProcess) => Promise<void> | void> = {
      dies: (primary) => primary.kill(),
      hangs: (primary) => primary.pause(),
    }
    for (const [what, end] of Object.entries(endings)) {
      it(`because the primary ${what}: no cache is trusted, then commands and messages go on`, async () => {
        const [one, other] = instances
        if (one === undefined || other === undefined) throw new Error('there are two instances')
        const key = redisKeys.busToAll
        expect(await one.redis.set(key, 'before')).to.equal('OK')
        const primary = await setUp.primary()
        await until(() => hasReplicated(primary))
        await end(primary)
        await until(() => !one.bus.isListening() && !other.bus.isListening())
        await until(async () => (await withDeadline(one.redis.get(key)).catch(() => undefined)) === 'before')
        await until(async () => (await withDeadline(other.redis.set(key, 'after')).catch(() => null)) === 'OK')
        await until(() => one.bus.isListening() && other.bus.isListening())
        expect(await one.bus.publish('things', 'on')).to.equal(2)
        for (const { heard } of instances) expect(heard).to.deep.equal(['on'])
        await until(() => one.redis.isReady)
      })
    }

    it('fails commands in time while nobody is primary, and leaves nothing behind that comes too late', async () => {
      const [one] = instances
      const primary = await setUp.primary()
      await primary.kill()
      const key = redisKeys.busToAll
      const outcomes = await Promise.allSettled(
        Array.from({ length: 200 }, () => withDeadline(one?.redis.set(key, 'late') ?? Promise.reject())),
      )
      expect(outcomes.filter(({ status }) => status === 'rejected').length).to.equal(200)
      await until(async () => (await withDeadline(one?.redis.ping() ?? Promise.reject()).catch(() => '')) === 'PONG')
      await until(async () => (await one?.redis.get(key).catch(() => 'unknown')) === null)
    })
  })
}
