import { expect } from 'chai'
import fc from 'fast-check'
import { Counter, Histogram, Registry } from 'prom-client'
import { createTallyCounter } from '../../../src/platform/observability/tally-counter.ts'
import { createTallyHistogram } from '../../../src/platform/observability/tally-histogram.ts'

const ABOUT = { name: 'calls_seconds', help: 'Calls', labelNames: ['target', 'outcome'] as const }
const LABELS = [
  { target: 'orders', outcome: 'ok' },
  { target: 'orders', outcome: 'failed' },
  { target: 'a "quoted"\nname', outcome: 'ok' },
]
const lines = async (registry: Registry) => (await registry.metrics()).split('\n').sort()

describe('metrics of the hot path', () => {
  it('are exposed as those of the library, whatever was observed', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.nat(2),
            fc.oneof(fc.constantFrom(0, 0.1, 0.5, 1, 99), fc.double({ min: 0, max: 2, noNaN: true })),
          ),
        ),
        async (observations) => {
          const [ours, theirs] = [new Registry(), new Registry()]
          const histogram = createTallyHistogram({ ...ABOUT, buckets: [0.1, 0.5, 1], registry: ours })
          const children = LABELS.map((labels) => histogram.child(labels))
          const model = new Histogram({ ...ABOUT, buckets: [0.1, 0.5, 1], registers: [theirs] })
          for (const [which, value] of observations) {
            children[which]?.(value)
            model.observe(LABELS[which] ?? {}, value)
          }
          expect(await lines(ours)).to.deep.equal(await lines(theirs))
          expect(await lines(ours), 'read twice').to.deep.equal(await lines(theirs))
        },
      ),
    ))

  it('count as those of the library, also between two reads', async () => {
    const [ours, theirs] = [new Registry(), new Registry()]
    const count = createTallyCounter({
      name: 'reads_total',
      help: 'Reads',
      labelNames: ['cache', 'outcome'],
      registry: ours,
    })
    const model = new Counter({
      name: 'reads_total',
      help: 'Reads',
      labelNames: ['cache', 'outcome'],
      registers: [theirs],
    })
    const read = (cache: string, outcome: string) => {
      count(cache, outcome)
      model.inc({ cache, outcome })
    }
    for (const outcome of ['hit', 'hit', 'miss']) read('jwks', outcome)
    expect(await lines(ours)).to.deep.equal(await lines(theirs))
    for (const outcome of ['hit', 'stale']) read('identity', outcome)
    read('jwks', 'hit')
    expect(await lines(ours)).to.deep.equal(await lines(theirs))
  })
})
