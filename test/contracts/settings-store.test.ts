import { expect } from 'chai'
import { createRedisSettingsStore } from '../../src/admin/settings/redis-settings-store.ts'
import { createMemorySettingsStore, type SettingsStore } from '../../src/admin/settings/settings-store.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createMessageBus, type MessageBus } from '../../src/platform/redis/message-bus.ts'
import { createRedisClient, type SingleRedis } from '../../src/platform/redis/redis-client.ts'
import { needRedis, type RedisServer, startRedis } from '../support/redis-server.ts'

function settingsStoreContract(name: string, make: () => Promise<SettingsStore>): void {
  describe(`${name} keeps the contract for changed settings`, () => {
    it('holds nothing at first', async () => {
      expect(await (await make()).read()).to.equal(null)
    })

    it('writes what is based on what it holds, and nothing else', async () => {
      const store = await make()
      expect(await store.replace('something', 'lost')).to.equal(false)
      expect(await store.replace('', 'lost')).to.equal(false)
      expect(await store.replace(null, 'one')).to.equal(true)
      expect(await store.replace(null, 'lost')).to.equal(false)
      expect(await store.replace('one', 'two')).to.equal(true)
      expect(await store.replace('one', 'lost')).to.equal(false)
      expect(await store.read()).to.equal('two')
    })

    it('lets one of many win', async () => {
      const store = await make()
      const tries = await Promise.all(Array.from({ length: 20 }, (_, at) => store.replace(null, `text ${at}`)))
      expect(tries.filter((won) => won)).to.have.length(1)
    })

    it('tells what it is told to, to itself too', async () => {
      const store = await make()
      const heard: string[] = []
      store.listen(
        (text) => heard.push(text),
        () => undefined,
      )
      expect(await store.tell('news')).to.be.at.least(1)
      expect(heard).to.deep.equal(['news'])
    })
  })
}

settingsStoreContract('A process', async () => createMemorySettingsStore())

describe('In Redis', () => {
  const KEY = 'cloakroom:settings'
  let server: RedisServer
  let redis: SingleRedis
  const buses: MessageBus[] = []
  before(async function () {
    needRedis(this)
    server = await startRedis()
    redis = createRedisClient(server.url, silentLog)
    await redis.connect()
  })
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close()
    await redis.del(KEY)
  })
  after(async () => {
    redis?.destroy()
    await server?.stop()
  })

  async function instance(): Promise<SettingsStore> {
    const bus = createMessageBus(redis, silentLog)
    buses.push(bus)
    while (!bus.isListening()) await new Promise((resolve) => setTimeout(resolve, 5))
    return createRedisSettingsStore({ redis, bus })
  }

  settingsStoreContract('a store', instance)

  it('all instances have one text, and all of them hear news before telling resolves', async () => {
    const [first, second] = [await instance(), await instance()]
    const heard: string[] = []
    second.listen(
      (text) => heard.push(text),
      () => undefined,
    )
    expect(await first.replace(null, 'one')).to.equal(true)
    expect(await second.read()).to.equal('one')
    expect(await first.tell('one')).to.equal(2)
    expect(heard).to.deep.equal(['one'])
  })

  it('a value of another type counts as absent and is written over', async () => {
    await redis.zAdd(KEY, { score: 1, value: 'poison' })
    const store = await instance()
    expect(await store.read()).to.equal(null)
    expect(await store.replace(null, 'one')).to.equal(true)
    expect(await store.read()).to.equal('one')
  })

  it('nothing is changed while it is away, and that is said', async () => {
    const store = await instance()
    await server.pause()
    try {
      for (const call of [() => store.read(), () => store.replace(null, 'one')]) {
        const error = await call().catch((thrown: unknown) => thrown)
        expect(error).to.include({ code: 'SETTINGS_UNAVAILABLE', status: 503 })
      }
    } finally {
      await server.resume()
    }
  })
})
