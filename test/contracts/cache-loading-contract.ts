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

export type MakeCache = (options: CacheOptions) => Cache<string>

/** The part of the cache contract that is about loading; `cacheContract` signs it too. */
export function cacheLoadingContract(kind: string, make: MakeCache): void {
  describe(`A cache in ${kind}, as to loading,`, () => {
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

    it('loads what it has not, once, and then has it', async () => {
      const { cache } = start()
      let loads = 0
      const load = async () => `value ${++loads}`
      expect(await cache.getOrLoad('a', load)).to.equal('value 1')
      expect(await cache.getOrLoad('a', load)).to.equal('value 1')
      expect(await cache.getOrLoad('b', load)).to.equal('value 2')
    })

    it('loads anew what it has when it is told to, and then has that', async () => {
      const { cache } = start()
      let loads = 0
      const load = async () => `value ${++loads}`
      await cache.getOrLoad('a', load)
      expect(await Promise.all([cache.reload('a', load), cache.reload('a', load)])).to.deep.equal([
        'value 2',
        'value 2',
      ])
      expect(cache.get('a')).to.equal('value 2')
      expect(await cache.reload('a', () => Promise.reject(new Error('away'))).catch(() => 'failed')).to.equal('failed')
      expect(cache.get('a')).to.equal('value 2')
      const slow = slowLoad()
      const reloading = cache.reload('a', slow.load)
      cache.clear()
      slow.finish('of before')
      await reloading
      expect(cache.get('a')).to.equal(undefined)
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
  })
}
