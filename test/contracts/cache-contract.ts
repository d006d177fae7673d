import { expect } from 'chai'
import { testClock } from '../support/test-clock.ts'
import { cacheLoadingContract, type MakeCache } from './cache-loading-contract.ts'

/** What every cache promises, whatever it is made of. */
export function cacheContract(kind: string, make: MakeCache): void {
  cacheLoadingContract(kind, make)
  describe(`A cache in ${kind}`, () => {
    const start = (ttl = 60, maxSize = 3) => {
      const clock = testClock()
      return { clock, cache: make({ name: 'things', ttl, maxSize, clock }) }
    }

    it('keeps what it was given for its time to live, not a moment longer', () => {
      const { clock, cache } = start(60)
      cache.set('a', 'A')
      clock.advance('59s')
      expect(cache.get('a')).to.equal('A')
      clock.advance('1s')
      expect(cache.get('a')).to.equal(undefined)
      expect(cache.get('never')).to.equal(undefined)
    })

    it('can keep one thing for a shorter time, never for a longer one', () => {
      const { clock, cache } = start(60)
      cache.set('short', 'S', 10)
      cache.set('long', 'L', 600)
      cache.set('none', 'N', 0)
      expect(cache.get('none')).to.equal(undefined)
      clock.advance('10s')
      expect(cache.get('short')).to.equal(undefined)
      clock.advance('50s')
      expect(cache.get('long')).to.equal(undefined)
    })

    it('counts the time anew when a thing is set again', () => {
      const { clock, cache } = start(60)
      cache.set('a', 'old')
      clock.advance('50s')
      cache.set('a', 'new')
      clock.advance('50s')
      expect(cache.get('a')).to.equal('new')
    })

    it('holds its maximum and lets go of what was not used for longest', () => {
      const { cache } = start(60, 3)
      for (const key of ['a', 'b', 'c']) cache.set(key, key)
      cache.get('a')
      cache.set('d', 'd')
      expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).to.deep.equal(['a', 'c', 'd'])
      for (let at = 0; at < 1_000; at++) cache.set(`k${at}`, 'x')
      expect(cache.info().current_size).to.equal(3)
    })

    it('forgets one thing, or everything', () => {
      const { cache } = start()
      for (const key of ['a', 'b', 'c']) cache.set(key, key)
      cache.delete('a')
      expect(cache.get('a')).to.equal(undefined)
      expect(cache.get('b')).to.equal('b')
      cache.clear()
      expect(cache.get('b') ?? cache.get('c')).to.equal(undefined)
      expect(cache.info().current_size).to.equal(0)
    })

    it('tells its limits, its size, its hits and misses', async () => {
      const { clock, cache } = start(60, 3)
      await cache.getOrLoad('a', async () => 'A')
      cache.get('a')
      cache.get('nothing')
      expect(cache.name).to.equal('things')
      expect(cache.info()).to.deep.equal({
        maxsize: 3,
        ttl: 60,
        current_size: 1,
        hits: 1,
        misses: 2,
        keys: ['a'],
      })
      clock.advance('60s')
      expect(cache.info()).to.include({ current_size: 0 })
      expect(cache.info().keys).to.deep.equal([])
    })
  })
}
