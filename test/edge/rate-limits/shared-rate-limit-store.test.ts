import { expect } from 'chai'
import { until } from '../until.ts'
import { START, sharedScene } from './shared-scene.ts'

describe('a store that several instances share', () => {
  it('asks about a key that it does not know, and answers at once from then on', async () => {
    const { store, told } = sharedScene()
    const first = store.increment('alice')
    expect(first).to.be.instanceOf(Promise)
    expect(await first).to.deep.equal({ totalHits: 1, resetTime: new Date(START + 40_000) })
    expect(store.increment('alice')).to.deep.equal({ totalHits: 2, resetTime: new Date(START + 40_000) })
    expect(told()).to.have.length(1)
  })

  it('tells many hits with one call while the limit is far', async () => {
    const { hits, told } = sharedScene()
    expect(await hits(3_000)).to.equal(3_000)
    expect(told().length).to.be.at.most(3_000 / 30 + 1)
    expect(told().reduce((sum, call) => sum + call.hits, 0)).to.be.within(3_000 - 60, 3_000)
  })

  it('asks about every hit when the limit is near, so that one instance is exact', async () => {
    const { hits, told } = sharedScene({ limit: 1_000 })
    await hits(950)
    const before = told().length
    expect(await hits(50)).to.equal(1_000)
    expect(told().length - before).to.equal(50)
    expect(await hits(1)).to.equal(1_001)
  })

  it('refuses on its own when that is certain, however many come, and tells of them later', async () => {
    const { hits, told, store } = sharedScene({ limit: 5, strict: true })
    await hits(5)
    expect(await hits(1_000)).to.equal(1_005)
    expect(told()).to.have.length(5)
    await store.close()
    expect(told().slice(5)).to.deep.equal([{ key: 'alice', hits: 1_000, late: 0 }])
  })

  for (const kind of [{ strict: true }, { limit: 99 }])
    it(`asks about every hit below the limit where it is ${JSON.stringify(kind)}`, async () => {
      const { hits, told } = sharedScene(kind)
      await hits(90)
      expect(told()).to.have.length(90)
    })

  it('knows what the others counted as soon as it asks', async () => {
    const { hits, all } = sharedScene({ instances: 2 })
    await hits(100)
    expect(await hits(1, all[1])).to.be.within(100 - 59, 101)
  })

  it('asks anew about a caller that was quiet for two windows', async () => {
    const { store, clock, hits } = sharedScene()
    await hits(10)
    clock.advance('60s')
    expect(store.increment('alice')).not.to.be.instanceOf(Promise)
    clock.advance('120s')
    expect(store.increment('alice')).to.be.instanceOf(Promise)
  })

  it('tells late hits as those of the window before', async () => {
    const { store, clock, hits, told } = sharedScene()
    await hits(11)
    clock.advance('45s')
    expect(await hits(1)).to.equal(1 + Math.floor((11 * 55) / 60))
    await store.close()
    expect(told().slice(1)).to.deep.equal([{ key: 'alice', hits: 1, late: 10 }])
  })

  it('waits with the next hits of a key when too many are untold', async () => {
    const { store, counter, told } = sharedScene({ limit: 1_000 })
    await store.increment('alice')
    counter.hold()
    const answers = Array.from({ length: 15 }, () => store.increment('alice'))
    expect(answers.map((answer) => answer instanceof Promise)).to.deep.equal([
      ...Array(10).fill(false),
      ...Array(5).fill(true),
    ])
    counter.release()
    expect((await Promise.all(answers)).map(({ totalHits }) => totalHits).at(-1)).to.equal(16)
    expect(told().map(({ hits }) => hits)).to.deep.equal([1, 11, 1, 1, 1, 1])
  })

  it('forgets the oldest of more than 100,000 keys, but tells their hits', async () => {
    const { store, counter } = sharedScene()
    await store.increment('alice')
    store.increment('alice')
    for (let i = 0; i < 100_000; i++) await store.increment(`client-${i}`)
    expect(store.increment('alice')).to.be.instanceOf(Promise)
    await until(() => counter.calls.filter(({ key }) => key === 'alice').length === 3)
  })
})
