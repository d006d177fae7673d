import { expect } from 'chai'
import { until } from '../until.ts'
import { sharedScene } from './shared-scene.ts'

for (const strict of [true, false])
  describe(`a ${strict ? 'strict' : 'usual'} limit whose counters are away`, () => {
    it('goes on in this process from what was last known of all instances', async () => {
      const { hits, all, counter } = sharedScene({ limit: 10, strict, instances: 2 })
      await hits(4, all[1])
      await hits(2)
      counter.fails(true)
      expect(await hits(4)).to.equal(10)
      expect(await hits(1)).to.equal(11)
    })

    it('counts a caller that it does not know from one', async () => {
      const { hits, counter } = sharedScene({ limit: 10, strict })
      counter.fails(true)
      expect(await hits(1)).to.equal(1)
      expect(await hits(10)).to.equal(11)
    })

    it('tells calls that came at once apart when none of them was answered', async () => {
      const { store, counter } = sharedScene({ limit: 10, strict })
      counter.fails(true)
      const all = await Promise.all(Array.from({ length: 20 }, () => store.increment('alice')))
      expect(all.map(({ totalHits }) => totalHits)).to.deep.equal(Array.from({ length: 20 }, (_, i) => i + 1))
    })

    it('does not ask again for each call', async () => {
      const { store, counter, told, changes } = sharedScene({ strict })
      counter.fails(true)
      await store.increment('alice')
      for (let i = 0; i < 1_000; i++) expect(store.increment('alice')).not.to.be.instanceOf(Promise)
      expect(told()).to.have.length(1)
      expect(changes).to.deep.equal([false])
    })

    it('slides, and forgets, by itself', async () => {
      const { hits, counter, clock } = sharedScene({ strict })
      counter.fails(true)
      await hits(60)
      clock.advance('55s')
      expect(await hits(1)).to.equal(1 + Math.floor((60 * 45) / 60))
      clock.advance('120s')
      expect(await hits(1)).to.equal(1)
    })

    it('tells what it counted alone when they are back', async () => {
      const { hits, counter, told, link, all } = sharedScene({ strict, instances: 2 })
      await hits(1)
      counter.fails(true)
      await link.ask(() => counter.count('anything', 1))
      expect(await hits(11)).to.equal(12)
      counter.fails(false)
      await until(() => told().at(-1)?.hits === 11)
      expect(await hits(1)).to.equal(13)
      expect(await hits(1, all[1])).to.be.within(13, 14)
    })

    it('does not tell twice what failed, because it may have arrived all the same', async () => {
      const { hits, counter, told, link } = sharedScene({ strict })
      counter.fails(true)
      await hits(1)
      counter.fails(false)
      await until(link.isUp)
      await hits(1)
      expect(told().map((call) => call.hits)).to.deep.equal([1, 1])
    })

    it('gives back, and forgets a key, without anybody noticing', async () => {
      const { hits, counter, store } = sharedScene({ limit: 10, strict })
      counter.fails(true)
      await hits(5)
      await store.decrement('alice')
      expect(await hits(1)).to.equal(5)
      await store.resetKey('alice')
      expect(await hits(1)).to.equal(1)
    })
  })
