import { expect } from 'chai'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createMessageBus, type MessageBus } from '../../../src/platform/redis/message-bus.ts'
import { createRedisClient, type Redis } from '../../../src/platform/redis/redis-client.ts'
import { needRedis, type RedisServer, startRedis } from '../../support/redis-server.ts'
import { connectRedisClient, until } from './connect-redis-client.ts'

describe('The message bus', function () {
  this.timeout(20_000)
  let server: RedisServer
  const open: { bus: MessageBus; redis: Redis }[] = []

  before(function () {
    needRedis(this)
  })
  beforeEach(async () => {
    server = await startRedis()
  })
  afterEach(async () => {
    for (const { bus, redis } of open.splice(0)) {
      await bus.close()
      redis.destroy()
    }
    await server.stop()
  })

  /** One instance of the gateway, as far as the bus goes. */
  async function instance(connected = true) {
    const redis = connected ? await connectRedisClient(server.url) : createRedisClient(server.url, silentLog)
    const bus = createMessageBus(redis, silentLog)
    const heard: string[] = []
    let reconnects = 0
    bus.subscribe('things', (message) => void heard.push(message))
    bus.onReconnect(() => void reconnects++)
    open.push({ bus, redis })
    return { bus, redis, heard, reconnects: () => reconnects }
  }
  /** Publishes until as many instances as there are have heard it. */
  const publishToAll = ({ bus }: { bus: MessageBus }, message: string, instances: number) =>
    until(async () => (await bus.publish('things', message).catch(() => 0)) === instances)

  it('reaches every instance, the own one too, in order, and counts them', async () => {
    const instances = await Promise.all([instance(), instance(), instance()])
    const [first] = instances
    await publishToAll(first, 'begin', 3)
    for (const { heard } of instances) await until(() => heard.includes('begin'))
    for (const { heard } of instances) heard.length = 0
    const sent = Array.from({ length: 100 }, (_, at) => `message ${at}`)
    for (const message of sent) expect(await first.bus.publish('things', message)).to.equal(3)
    for (const { heard } of instances) {
      await until(() => heard.length === 100)
      expect(heard).to.deep.equal(sent)
    }
  })

  it('keeps channels apart', async () => {
    const one = await instance()
    await publishToAll(one, 'begin', 1)
    await one.bus.publish('other things', 'x')
    expect(one.heard).to.deep.equal(['begin'])
  })

  it('carries any text', async () => {
    const one = await instance()
    await publishToAll(one, 'begin', 1)
    const texts = ['', '{"a":"b"}', 'é😀\r\n\u0000', 'x'.repeat(100_000)]
    for (const text of texts) await one.bus.publish('things', text)
    await until(() => one.heard.length >= texts.length + 1)
    expect(one.heard.slice(-texts.length)).to.deep.equal(texts)
  })

  it('knows whether it hears, so that nobody trusts a cache that misses messages', async () => {
    const one = await instance()
    await until(() => one.bus.isListening())
    await server.kill()
    await until(() => !one.bus.isListening())
    const failed = await one.bus.publish('things', 'x').then(
      () => 'sent',
      () => 'failed',
    )
    expect(failed).to.equal('failed')
  })

  it('hears again by itself after an outage, and says that messages may be missing', async () => {
    const one = await instance()
    await publishToAll(one, 'before', 1)
    const reconnects = one.reconnects()
    await server.kill()
    await until(() => !one.bus.isListening())
    await server.restart()
    await until(() => one.bus.isListening())
    expect(one.reconnects()).to.be.greaterThan(reconnects)
    await until(() => one.redis.isReady)
    expect(await one.bus.publish('things', 'after')).to.equal(1)
    await until(() => one.heard.includes('after'))
  })

  it('that listens is subscribed: what is sent from then on arrives', async () => {
    for (let round = 0; round < 10; round++) {
      const one = await instance()
      await until(() => one.bus.isListening())
      expect(await one.bus.publish('things', 'at once')).to.be.at.least(1)
      await until(() => one.heard.includes('at once'))
    }
  })

  it('hears as soon as there is a Redis, when it began without one', async () => {
    await server.kill()
    const one = await instance(false)
    expect(one.bus.isListening()).to.equal(false)
    await server.restart()
    await Promise.all([one.redis.connect(), until(() => one.bus.isListening())])
    await publishToAll(one, 'late', 1)
    await until(() => one.heard.includes('late'))
  })

  it('is deaf and mute once it is closed', async () => {
    const [one, other] = [await instance(), await instance()]
    await publishToAll(one, 'begin', 2)
    await one.bus.close()
    await publishToAll(other, 'end', 1)
    expect(one.bus.isListening()).to.equal(false)
    expect(one.heard).not.to.include('end')
  })
})
