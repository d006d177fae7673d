import { expect } from 'chai'
import { silentLog } from '../../../src/platform/observability/log.ts'
import { createRedisClient, type Redis, withDeadline } from '../../../src/platform/redis/redis-client.ts'
import { redisKeys } from '../../../src/platform/redis/redis-keys.ts'
import { needRedis, type RedisServer, startRedis } from '../../support/redis-server.ts'
import { connectRedisClient, until } from './connect-redis-client.ts'

describe('A deadline', () => {
  it('hands on what comes in time, failures included', async () => {
    expect(await withDeadline(Promise.resolve('PONG'))).to.equal('PONG')
    const failed = await withDeadline(Promise.reject(new Error('WRONGTYPE'))).catch((error: Error) => error.message)
    expect(failed).to.equal('WRONGTYPE')
  })

  it('fails what does not come', async () => {
    const late = await withDeadline(new Promise(() => undefined), 5).catch((error: Error) => error.message)
    expect(late).to.equal('Redis did not answer within 5 ms')
  })

  it('lets a failure that comes too late pass without a word', async () => {
    const { promise, reject } = Promise.withResolvers<never>()
    await withDeadline(promise, 5).catch(() => undefined)
    const unhandled: unknown[] = []
    const note = (error: unknown) => void unhandled.push(error)
    process.on('unhandledRejection', note)
    reject(new Error('too late'))
    await new Promise(setImmediate)
    process.off('unhandledRejection', note)
    expect(unhandled).to.deep.equal([])
  })
})

describe('The Redis client', function () {
  this.timeout(20_000)
  let server: RedisServer
  let client: Redis
  const lines: string[] = []
  const log = {
    ...silentLog,
    warn: (message: string) => void lines.push(`warn ${message}`),
    info: (message: string) => void lines.push(`info ${message}`),
  }

  before(function () {
    needRedis(this)
  })
  beforeEach(async () => {
    lines.length = 0
    server = await startRedis()
    client = await connectRedisClient(server.url, log)
  })
  afterEach(async () => {
    client.destroy()
    await server.stop()
  })

  it('works', async () => {
    await client.set(redisKeys.login('x'), 'y')
    expect(await withDeadline(client.get('cloakroom:login:x'))).to.equal('y')
  })

  it('fails at once while Redis is away, instead of keeping commands for later', async () => {
    await server.kill()
    await until(() => !client.isReady)
    const failed = await client.get('x').then(
      () => 'answered',
      () => 'failed',
    )
    expect(failed).to.equal('failed')
  })

  it('does not wait for a Redis that hangs', async () => {
    await server.pause()
    const late = await withDeadline(client.get('x'), 50).catch((error: Error) => error.message)
    expect(late).to.equal('Redis did not answer within 50 ms')
  })

  it('comes back by itself, and tells of the outage once', async () => {
    await server.kill()
    await until(() => lines.length > 0)
    await server.restart()
    await until(() => client.isReady)
    expect(await client.ping()).to.equal('PONG')
    expect(lines).to.deep.equal(['warn Redis is not reachable', 'info Redis is reachable again'])
  })

  it('waits for a Redis that is not there yet', async () => {
    await server.kill()
    const early = createRedisClient(server.url, silentLog)
    const connected = early.connect()
    await server.restart()
    await connected
    expect(await early.ping()).to.equal('PONG')
    early.destroy()
  })
})

describe('Names in Redis', () => {
  it('all begin with ours, and differ', () => {
    const names = [redisKeys.sessionPrefix, redisKeys.tokens('a'), redisKeys.login('a'), redisKeys.clearCaches]
    for (const name of [...names, redisKeys.endedSessions]) expect(name).to.match(/^cloakroom:[a-z-]+(:|$)/)
    expect(new Set(names.map((name) => name.split(':')[1])).size).to.equal(names.length)
  })
})
