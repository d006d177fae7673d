import { expect } from 'chai'
import { createCacheRegistry } from '../../../src/platform/cache/cache-registry.ts'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { testClock } from '../../support/test-clock.ts'

describe('A cache whose time to live is changed', () => {
  const start = (keepStale = 0) => {
    const clock = testClock()
    const cache = createMemoryCache<string>({ name: 'things', ttl: 60, maxSize: 9, clock, keepStale })
    return { clock, cache }
  }

  it('keeps new things for as long as it is told now', () => {
    const { clock, cache } = start()
    cache.setTtl(600)
    cache.set('a', 'A')
    clock.advance('599s')
    expect(cache.get('a')).to.equal('A')
    expect(cache.info().ttl).to.equal(600)
  })

  it('keeps nothing it has already for longer, and much for a shorter time', () => {
    const { clock, cache } = start()
    cache.set('old', 'O')
    clock.advance('20s')
    cache.set('young', 'Y')
    cache.setTtl(600)
    cache.setTtl(10)
    expect([cache.get('old'), cache.get('young')]).to.deep.equal([undefined, 'Y'])
    clock.advance('10s')
    expect(cache.get('young')).to.equal(undefined)
  })

  it('is off with 0 and can be switched on again, and what it had may still be shown as stale', async () => {
    const { cache } = start(3_600)
    cache.set('a', 'A')
    cache.setTtl(0)
    expect(cache.get('a')).to.equal(undefined)
    expect(cache.peek('a')?.value).to.equal('A')
    let loads = 0
    const load = async () => String(++loads)
    await cache.getOrLoad('b', load)
    expect(await cache.getOrLoad('b', load)).to.equal('2')
    cache.setTtl(60)
    await cache.getOrLoad('b', load)
    expect(await cache.getOrLoad('b', load)).to.equal('3')
  })

  it('is found by its name, and a name that nobody has is passed over', () => {
    const { cache } = start()
    const registry = createCacheRegistry()
    registry.add(cache)
    registry.setTtl('things', 5)
    registry.setTtl('nothing', 5)
    expect(registry.info().things?.ttl).to.equal(5)
  })
})
