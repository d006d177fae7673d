import { expect } from 'chai'
import { redisKeys } from '../../src/platform/redis/redis-keys.ts'
import { askRedis } from '../support/redis-process.ts'
import { type RedisProxy, startRedisProxy } from '../support/redis-proxy.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { type Scene, setScene } from '../support/scene.ts'
import { type Everybody, everybody } from './everybody.ts'

const GARBAGE: Record<string, (answer: Buffer) => Buffer> = {
  'every bit turned round': (answer) => Buffer.from(answer.map((byte) => byte ^ 0xff)),
  'an answer of a web server': () => Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  'OK to everything': () => Buffer.from('+OK\r\n'),
  'the beginning of a value that never ends': () => Buffer.from('$536870000\r\nx'),
}

describe('When Redis answers garbage', function () {
  this.timeout(60_000)
  let redis: RedisServer
  let proxy: RedisProxy
  let scene: Scene
  let all: Everybody
  before(function () {
    needRedis(this)
  })
  beforeEach(async () => {
    redis = await startRedis()
    proxy = await startRedisProxy(redis.port)
    scene = await setScene({ env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } })
    all = await everybody(scene)
  })
  afterEach(async () => {
    await scene?.stop()
    await proxy?.stop()
    await redis?.stop()
  })

  for (const [what, change] of Object.entries(GARBAGE)) {
    it(`${what}: 503 or the right answer, and all is well afterwards`, async () => {
      proxy.garble(change)
      while (!(await all.call()).includes(503));
      await all.ask()
      proxy.garble()
      while (!(await all.call()).every((status) => status === 200));
      expect(all.haveTheirCookies()).to.equal(true)
      await scene.signedIn()
    })
  }

  it('values of somebody else: nobody gets another identity, at most none', async () => {
    const keys = (await askRedis(redis.port, ['KEYS', '*'])).match(/cloakroom:(session|tokens):\S+/g) ?? []
    expect(keys.length).to.be.at.least(4)
    for (const kind of ['session', 'tokens']) {
      const [first = '', ...others] = keys.filter((key) => key.startsWith(`cloakroom:${kind}:`))
      for (const other of others) await askRedis(redis.port, ['COPY', first, other, 'REPLACE'])
    }
    // Nothing is remembered, so that each looks.
    scene.clock.advance('10s')
    const statuses = await all.call()
    expect(statuses).to.include(401)
    for (const status of statuses) expect(status).to.be.oneOf([200, 401])
    expect(all.haveTheirCookies()).to.equal(true)
  })

  it('messages that nobody of us wrote are passed over', async () => {
    const odd = ['', 'x', 'null', '[]', '{}', '{"beat":"1"}', '{"beat":999}', '{"confirms":1,"by":"x"}', '{"from":1}']
    for (const text of [...odd, '{"from":"x","number":1,"channel":"constructor","body":"x"}', '"'.repeat(100_000)])
      await askRedis(redis.port, ['PUBLISH', redisKeys.busToAll, text])
    const answers = await all.ask()
    expect(answers.call.map(({ status }) => status)).to.deep.equal([200, 200])
  })

  it('slowly: every answer is the right one, though no cache is trusted', async () => {
    proxy.delay(600)
    const answers = await all.ask()
    expect(answers.call.map(({ status }) => status)).to.deep.equal([200, 200])
    proxy.delay(5_000)
    while (!(await all.call()).includes(503));
    await all.ask()
    proxy.delay(0)
    while (!(await all.call()).every((status) => status === 200));
    expect(all.haveTheirCookies()).to.equal(true)
  })
})
