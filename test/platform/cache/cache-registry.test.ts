import { expect } from 'chai'
import { type Broadcast, createCacheRegistry } from '../../../src/platform/cache/cache-registry.ts'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { testClock } from '../../support/test-clock.ts'

const cacheNamed = (name: string) => createMemoryCache<string>({ name, ttl: 60, maxSize: 9, clock: testClock() })

/** Several registries on one wire, as instances on one Redis. */
function wire() {
  const ears: Parameters<Broadcast['subscribe']>[0][] = []
  return (): Broadcast => ({
    async publish(names) {
      for (const hear of ears) hear(names)
      return ears.length
    },
    subscribe: (hear) => void ears.push(hear),
  })
}

describe('The cache registry', () => {
  it('tells of every cache by its name', () => {
    const registry = createCacheRegistry()
    registry.add(cacheNamed('jwks')).set('k', 'v')
    registry.add(cacheNamed('groups'))
    expect(registry.names()).to.deep.equal(['jwks', 'groups'])
    expect(registry.info().jwks).to.include({ current_size: 1, ttl: 60 })
    expect(registry.info().groups).to.include({ current_size: 0 })
  })

  it('refuses two caches of one name', () => {
    const registry = createCacheRegistry()
    registry.add(cacheNamed('jwks'))
    expect(() => registry.add(cacheNamed('jwks'))).to.throw('two caches are named jwks')
  })

  it('clears the named caches and no other', async () => {
    const registry = createCacheRegistry()
    const [jwks, groups] = [registry.add(cacheNamed('jwks')), registry.add(cacheNamed('groups'))]
    jwks.set('k', 'v')
    groups.set('g', 'v')
    expect(await registry.clear(['jwks', 'no-such-cache'])).to.deep.equal({ cleared: ['jwks'], instances: 1 })
    expect(jwks.get('k')).to.equal(undefined)
    expect(groups.get('g')).to.equal('v')
  })

  it('clears them on every instance, and counts the instances', async () => {
    const connect = wire()
    const caches = [1, 2, 3].map(() => {
      const registry = createCacheRegistry(connect())
      const cache = registry.add(cacheNamed('groups'))
      cache.set('g', 'v')
      return { registry, cache }
    })
    expect(await caches[1]?.registry.clear(['groups'])).to.deep.equal({ cleared: ['groups'], instances: 3 })
    expect(caches.map(({ cache }) => cache.get('g'))).to.deep.equal([undefined, undefined, undefined])
  })

  it('drops single things on every instance, and passes over what nobody has', async () => {
    const connect = wire()
    const caches = [1, 2].map(() => {
      const registry = createCacheRegistry(connect())
      const cache = registry.add(cacheNamed('groups'))
      for (const key of ['g', 'h']) cache.set(key, 'v')
      return { registry, cache }
    })
    const entries = ['g', 'of nobody'].map((key) => ({ cache: 'groups', key }))
    await caches[0]?.registry.drop([...entries, { cache: 'no-such-cache', key: 'h' }])
    expect(caches.map(({ cache }) => [cache.get('g'), cache.get('h')])).to.deep.equal([
      [undefined, 'v'],
      [undefined, 'v'],
    ])
  })

  it('counts itself even when its own ear is closed', async () => {
    const deaf: Broadcast = { publish: async () => 0, subscribe: () => undefined }
    const registry = createCacheRegistry(deaf)
    registry.add(cacheNamed('groups'))
    expect((await registry.clear(['groups'])).instances).to.equal(1)
  })
})
