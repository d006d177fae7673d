import { randomInt } from 'node:crypto'
import { expect } from 'chai'
import { type FuzzResult, fuzz } from './fuzz.ts'
import { type FuzzWorld, startFuzzWorld } from './fuzz-world.ts'
import { fuzzProperties } from './properties.ts'

/** The long way is `npm run fuzz`; this one keeps it in working order, and tries something new in every run. */
describe('A short run of the fuzzer', function shortRun() {
  this.timeout(120_000)
  let world: FuzzWorld
  before(async () => {
    world = await startFuzzWorld()
  })
  after(() => world.stop())

  function shouldBeClean({ tried, finding }: FuzzResult): void {
    expect(
      finding,
      `${finding?.wrong.join('; ')}; npm run fuzz -- --only ${finding?.property} --seed ${finding?.seed} --path ${finding?.path}`,
    ).to.equal(undefined)
    const leftOut = Object.keys(tried).filter((name) => tried[name] === 0)
    expect(leftOut, JSON.stringify(tried)).to.deep.equal([])
  }

  it('finds nothing from a seed that is always the same', async () => {
    shouldBeClean(await fuzz(fuzzProperties(world), { seconds: 5, seed: 20_261_122 }))
  })

  it('finds nothing from a seed of its own', async () => {
    const seed = randomInt(2 ** 31)
    shouldBeClean(await fuzz(fuzzProperties(world), { seconds: 5, seed }))
  })
})
