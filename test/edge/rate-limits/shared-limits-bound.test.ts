import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import { sharedScene } from './shared-scene.ts'

interface Step {
  instance: number
  hits: number
  /** How many answers of the counters arrive then. */
  answers: number
  /** Whether what waits for the end of the turn is done then. */
  ends: boolean
}

const steps = fc.array(
  fc.record({
    instance: fc.nat({ max: 4 }),
    hits: fc.integer({ min: 1, max: 60 }),
    answers: fc.nat({ max: 40 }),
    ends: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
)
const clusters = fc.record({
  instances: fc.integer({ min: 1, max: 5 }),
  limit: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 100, max: 1_200 })),
  strict: fc.boolean(),
  steps,
})

/** Lets alice call several instances while answers of the counters come when they like; says how many calls passed. */
async function play(cluster: { instances: number; limit: number; strict: boolean; steps: readonly Step[] }) {
  const { all, counter } = sharedScene(cluster)
  const totals: Promise<number>[] = []
  counter.hold()
  for (const { instance, hits, answers, ends } of cluster.steps) {
    const { store } = all[instance % cluster.instances] ?? all[0] ?? {}
    for (let i = 0; i < hits && store !== undefined; i++)
      totals.push(Promise.resolve(store.increment('alice')).then(({ totalHits }) => totalHits))
    counter.release(answers)
    if (ends) await turn()
  }
  counter.release()
  const passed = (await Promise.all(totals)).filter((total) => total <= cluster.limit).length
  return { hits: totals.length, passed }
}

describe('a limit over several instances', () => {
  it('lets pass at most 1 % more for each instance, and never less than it says, whenever answers come', async () => {
    await fc.assert(
      fc.asyncProperty(clusters, async (cluster) => {
        const { hits, passed } = await play(cluster)
        const more = cluster.strict ? 0 : Math.floor(cluster.limit / 100)
        expect(passed).to.be.at.most(cluster.limit + cluster.instances * more)
        expect(passed).to.be.at.least(Math.min(hits, cluster.limit))
      }),
      { numRuns: 400 },
    )
  })

  it('is exact on one instance', async () => {
    await fc.assert(
      fc.asyncProperty(clusters, async (cluster) => {
        const { hits, passed } = await play({ ...cluster, instances: 1 })
        expect(passed).to.equal(Math.min(hits, cluster.limit))
      }),
      { numRuns: 200 },
    )
  })
})
