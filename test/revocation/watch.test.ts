import { expect } from 'chai'
import { silentLog } from '../../src/platform/observability/log.ts'
import type { Leadership } from '../../src/platform/redis/leadership.ts'
import { createSoleLeadership } from '../../src/platform/redis/leadership.ts'
import { createRedisClient, type Redis } from '../../src/platform/redis/redis-client.ts'
import { createRedisLeadership } from '../../src/platform/redis/redis-leadership.ts'
import type { FollowEvents } from '../../src/revocation/follow-events.ts'
import { createWatch, type Watch } from '../../src/revocation/watch.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'

const watches: Watch[] = []

interface Watched {
  watch: Watch
  /** How each poll went. */
  polls: string[]
  lines: string[]
  reloads(): number
}

function watched(
  followEvents: FollowEvents = async () => 'ok',
  leadership: Leadership = createSoleLeadership(),
): Watched {
  const polls: string[] = []
  const lines: string[] = []
  let reloads = 0
  const note = (level: string) => (message: string) => void lines.push(`${level}: ${message}`)
  const watch = createWatch({
    leadership,
    followEvents,
    cutOffs: { reload: async () => void reloads++ },
    progress: { read: async () => undefined },
    log: { ...silentLog, info: note('info'), warn: note('warn'), error: note('error') },
    onPolled: (outcome) => void polls.push(outcome),
    onProgress: () => undefined,
    pollMs: 5,
    longestMs: 20,
    heartbeatMs: 5,
  })
  watches.push(watch)
  watch.start()
  return { watch, polls, lines, reloads: () => reloads }
}

async function until(comesTrue: () => boolean): Promise<void> {
  while (!comesTrue()) await new Promise((resolve) => setTimeout(resolve, 2))
}

afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.stop()
})

describe('The watch', () => {
  it('polls again and again, and keeps its copy fresh', async () => {
    const { polls, lines, reloads } = watched()
    await until(() => polls.length >= 3 && reloads() >= 3)
    expect(lines).to.deep.equal([])
  })

  it('says once that Keycloak is away, goes on trying, and once that it is back', async () => {
    let away = true
    const { polls, lines } = watched(async () => {
      if (away) throw new Error('away')
      return 'ok'
    })
    await until(() => polls.length >= 4)
    away = false
    await until(() => polls.includes('ok'))
    expect(lines).to.deep.equal([
      'warn: the events of the realm cannot be followed; they are caught up with later',
      'info: the events of the realm are followed again',
    ])
  })

  for (const [outcome, words] of [
    ['uncovered', /^warn: .*Turn on admin events/],
    ['refused', /^error: .*view-events/],
  ] as const)
    it(`says once what to do when the events are ${outcome}`, async () => {
      const { polls, lines } = watched(async () => outcome)
      await until(() => polls.length >= 3)
      expect(lines).to.have.length(1)
      expect(lines[0]).to.match(words)
    })

  it('does not poll while another leads, but keeps its copy fresh', async () => {
    const { polls, reloads } = watched(undefined, { hold: async () => false, resign: async () => undefined })
    await until(() => reloads() >= 3)
    expect(polls).to.deep.equal([])
  })

  it('does not poll while nobody knows who leads', async () => {
    const hold = () => Promise.reject(new Error('Redis is away'))
    const { polls, reloads } = watched(undefined, { hold, resign: hold })
    await until(() => reloads() >= 3)
    expect(polls).to.deep.equal([])
  })

  it('stops for good, gives the leadership up, and waits for the poll that runs', async () => {
    let resigned = false
    const { promise: finished, resolve } = Promise.withResolvers<void>()
    const leadership: Leadership = {
      hold: async () => true,
      async resign() {
        resigned = true
      },
    }
    let running = false
    const { watch, polls } = watched(async () => {
      running = true
      await finished
      return 'ok'
    }, leadership)
    await until(() => running)
    const stopped = watch.stop()
    expect(resigned).to.equal(false)
    resolve()
    await stopped
    expect([polls, resigned]).to.deep.equal([['ok'], true])
  })
})

describe('Two watches on one Redis', () => {
  let server: RedisServer
  const clients: Redis[] = []
  before(async function () {
    needRedis(this)
    server = await startRedis()
  })
  after(async () => {
    for (const client of clients) client.destroy()
    await server?.stop()
  })

  async function instance(key: string): Promise<Watched & { redis: Redis }> {
    const redis = createRedisClient(server.url, silentLog)
    clients.push(redis)
    await redis.connect()
    return { ...watched(undefined, createRedisLeadership({ redis, key, lifeMs: 400 })), redis }
  }

  it('poll one at a time; when the leader stops the other goes on at once', async () => {
    const [first, second] = [await instance('stopping'), await instance('stopping')]
    await until(() => first.polls.length + second.polls.length >= 10)
    const [leader, other] = first.polls.length > 0 ? [first, second] : [second, first]
    expect(other.polls).to.deep.equal([])
    await leader.watch.stop()
    await until(() => other.polls.length > 0)
  })

  it('when the leader dies without a word, the other goes on when its time is over', async () => {
    const [first, second] = [await instance('dying'), await instance('dying')]
    await until(() => first.polls.length + second.polls.length >= 3)
    const [leader, other] = first.polls.length > 0 ? [first, second] : [second, first]
    leader.redis.destroy()
    await until(() => other.polls.length > 0)
    const before = leader.polls.length
    await until(() => other.polls.length > 5)
    expect(leader.polls.length).to.equal(before)
  })

  it('nobody polls while Redis is away, and one of them afterwards', async () => {
    const [first, second] = [await instance('outage'), await instance('outage')]
    await until(() => first.polls.length + second.polls.length >= 3)
    await server.kill()
    await until(() => !first.redis.isReady && !second.redis.isReady)
    const reloads = first.reloads()
    await until(() => first.reloads() > reloads + 3)
    const before = first.polls.length + second.polls.length
    await until(() => first.reloads() > reloads + 8)
    expect(first.polls.length + second.polls.length).to.equal(before)
    await server.restart()
    await until(() => first.polls.length + second.polls.length > before)
  })
})
