import { expect } from 'chai'
import fc from 'fast-check'
import { startFuzzWorld } from './fuzz-world.ts'
import { loadMutant } from './load-mutant.ts'
import { MUTANTS } from './mutants.ts'
import { fuzzProperties } from './properties.ts'

const SEED = 1
const ROUNDS = 10
const ROUND_MS = 6_000

describe('The fuzzer, on a gateway with faults seeded into it, notices that', function seededFaults() {
  this.timeout(200_000)
  const seen: string[] = []
  const unnoticed = (property: string) =>
    MUTANTS.filter((mutant) => mutant.property === property && !seen.some((text) => mutant.noticed.test(text)))

  before(async () => {
    const world = await startFuzzWorld(await loadMutant(MUTANTS))
    try {
      for (let round = 0; round < ROUNDS; round++)
        for (const { name, arbitrary, run } of fuzzProperties(world)) {
          if (unnoticed(name).length === 0) continue
          const untilNoticed = fc.asyncProperty(arbitrary, async (one) => {
            seen.push(...(await run(one)))
            return unnoticed(name).length > 0
          })
          await fc.check(untilNoticed, {
            ...{ seed: SEED + round, numRuns: 10_000, endOnFailure: true, interruptAfterTimeLimit: ROUND_MS },
          })
        }
    } finally {
      await world.stop()
    }
  })

  for (const mutant of MUTANTS)
    it(mutant.what, () => {
      expect(seen.some((text) => mutant.noticed.test(text))).to.equal(true)
    })
})
