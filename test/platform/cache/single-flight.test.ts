import { expect } from 'chai'
import { createSingleFlight } from '../../../src/platform/cache/single-flight.ts'

describe('A single flight', () => {
  it('is joined by everyone who asks for the same key while it lasts', async () => {
    const once = createSingleFlight<number>()
    let calls = 0
    const call = async () => ++calls
    expect(await Promise.all([once('a', call), once('a', call), once('b', call)])).to.deep.equal([1, 1, 2])
    expect(await once('a', call)).to.equal(3)
  })

  it('shares its failure, and the next one starts anew', async () => {
    const once = createSingleFlight<number>()
    const fail = () => Promise.reject(new Error('away'))
    const outcomes = await Promise.allSettled([once('a', fail), once('a', fail)])
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
    expect(await once('a', async () => 1)).to.equal(1)
  })

  it('does not stay in the air when its call throws at once', async () => {
    const once = createSingleFlight<number>()
    const broken = () => {
      throw new Error('bug')
    }
    expect(
      await Promise.resolve()
        .then(() => once('a', broken))
        .catch(() => 'failed'),
    ).to.equal('failed')
    expect(await once('a', async () => 2)).to.equal(2)
  })
})
