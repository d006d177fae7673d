import { expect } from 'chai'
import type { Cache } from '../../src/platform/cache/cache.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { testClock } from '../support/test-clock.ts'

export interface CacheOptions {
  name: string
  /** Seconds. */
  ttl: number
  maxSize: number
  clock: Clock
}

/** What every cache promises, whatever it is made of. */
export function cacheContract(kind: string, make: (options: CacheOptions) => Cache<string>): void {
  describe(`A cache in ${kind}`, () => {
    const start = (ttl = 60, maxSize = 3) => {
      const clock = testClock()
      return { clock, cache: make({ name: 'things', ttl, maxSize, clock }) }
    }
    /** A load that ends when it is told to. */
    const slowLoad = () => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      let calls = 0
      const load = () => {
        calls++
        return promise
      }
      return { load, finish: resolve, fail: reject, calls: () => calls }
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

    it('loads what it has not, once, and then has it', async () => {
      const { cache } = start()
      let loads = 0
      const load = async () => `value ${++loads}`
      expect(await cache.getOrLoad('a', load)).to.equal('value 1')
      expect(await cache.getOrLoad('a', load)).to.equal('value 1')
      expect(await cache.getOrLoad('b', load)).to.equal('value 2')
    })

    it('loads again when the time is over', async () => {
      const { clock, cache } = start(60)
      let loads = 0
      const load = async () => `value ${++loads}`
      await cache.getOrLoad('a', load)
      clock.advance('60s')
      expect(await cache.getOrLoad('a', load)).to.equal('value 2')
    })

    it('keeps what was loaded for as long as the load says, never longer than its time to live', async () => {
      const { clock, cache } = start(60)
      const lives: [key: string, seconds: number][] = [
        ['none', 0],
        ['short', 10],
        ['long', 600],
      ]
      for (const [key, seconds] of lives) {
        await cache.getOrLoad(key, async (keepFor) => {
          keepFor(seconds)
          return key
        })
      }
      const kept = () => lives.map(([key]) => key).filter((key) => cache.get(key) !== undefined)
      expect(kept()).to.deep.equal(['short', 'long'])
      clock.advance('10s')
      expect(kept()).to.deep.equal(['long'])
      clock.advance('50s')
      expect(kept()).to.deep.equal([])
    })

    it('lets one load run at a time for a key, and everyone waits for it', async () => {
      const { cache } = start()
      const { load, finish, calls } = slowLoad()
      const asked = Array.from({ length: 50 }, () => cache.getOrLoad('a', load))
      const other = cache.getOrLoad('b', async () => 'B')
      expect(await other).to.equal('B')
      finish('A')
      expect(new Set(await Promise.all(asked))).to.deep.equal(new Set(['A']))
      expect(calls()).to.equal(1)
    })

    it('tells everyone who waits of a failure, and does not remember it', async () => {
      const { cache } = start()
      const { load, fail, calls } = slowLoad()
      const asked = Promise.allSettled(Array.from({ length: 5 }, () => cache.getOrLoad('a', load)))
      fail(new Error('away'))
      for (const outcome of await asked) expect(outcome).to.deep.include({ status: 'rejected' })
      expect(calls()).to.equal(1)
      expect(await cache.getOrLoad('a', async () => 'back')).to.equal('back')
    })

    it('fails when a load fails before it even began', async () => {
      const { cache } = start()
      const broken = () => {
        throw new Error('bug')
      }
      const outcome = await cache.getOrLoad('a', broken).catch((error: Error) => error.message)
      expect(outcome).to.equal('bug')
      expect(await cache.getOrLoad('a', async () => 'A')).to.equal('A')
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

    for (const forget of ['clear', 'delete'] as const) {
      it(`does not bring back by a load that was under way what was forgotten meanwhile (${forget})`, async () => {
        const { cache } = start()
        const { load, finish } = slowLoad()
        const before = cache.getOrLoad('a', load)
        cache[forget]('a')
        const after = cache.getOrLoad('a', async () => 'new')
        expect(await after).to.equal('new')
        finish('old')
        expect(await before).to.equal('old')
        expect(cache.get('a')).to.equal('new')
      })
    }

    it('does not overwrite by a load what was set meanwhile', async () => {
      const { cache } = start()
      const { load, finish } = slowLoad()
      const asked = cache.getOrLoad('a', load)
      cache.set('a', 'set')
      finish('loaded')
      await asked
      expect(cache.get('a')).to.equal('set')
    })

    it('is off with a time to live of 0: nothing is kept, but loads still join', async () => {
      const { cache } = start(0)
      cache.set('a', 'A')
      expect(cache.get('a')).to.equal(undefined)
      const { load, finish, calls } = slowLoad()
      const asked = [cache.getOrLoad('a', load), cache.getOrLoad('a', load)]
      finish('loaded')
      expect(await Promise.all(asked)).to.deep.equal(['loaded', 'loaded'])
      expect(calls()).to.equal(1)
      expect(await cache.getOrLoad('a', async () => 'again')).to.equal('again')
      expect(cache.info()).to.include({ ttl: 0, current_size: 0 })
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
