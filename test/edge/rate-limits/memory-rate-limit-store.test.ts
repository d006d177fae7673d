import { expect } from 'chai'
import { createMemoryRateLimitStore } from '../../../src/edge/rate-limits/memory-rate-limit-store.ts'
import type { Hit } from '../../../src/edge/rate-limits/rate-limit-store.ts'
import { testClock } from '../../support/test-clock.ts'

const START = 1_700_000_000_000

function storeAt(moment = 0) {
  const clock = testClock(START + moment)
  const store = createMemoryRateLimitStore(10, clock)
  const hit = (key = 'alice') => store.increment(key) as Hit
  return { clock, store, hit }
}

describe('the memory rate-limit store', () => {
  it('answers at once, without a promise, because the hot path asks it', () => {
    expect(storeAt().hit()).to.deep.equal({ totalHits: 1, resetTime: new Date(START + 10_000) })
  })

  for (const [later, weight] of [
    ['0ms', 100],
    ['1s', 90],
    ['5s', 50],
    ['9s', 10],
    ['9999ms', 0],
  ] as const)
    it(`counts the window before by what still overlaps: ${weight} of 100 after ${later}`, () => {
      const { clock, hit } = storeAt()
      for (let i = 0; i < 100; i++) hit()
      clock.advance('10s')
      clock.advance(later)
      expect(hit().totalHits).to.equal(1 + weight)
    })

  it('leaves no more than the limit in any window across an edge', () => {
    const { clock, hit } = storeAt(9_999)
    for (let i = 0; i < 10; i++) expect(hit().totalHits).to.equal(i + 1)
    clock.advance('1ms')
    expect(hit().totalHits).to.equal(11)
  })

  it('goes on when the clock is set back', () => {
    const clock = testClock(START)
    let now = START
    const store = createMemoryRateLimitStore(10, { now: () => now })
    const hit = () => store.increment('alice') as Hit
    hit()
    now = clock.now() - 3_600_000
    expect(hit().totalHits).to.equal(1)
    expect(hit().resetTime.getTime()).to.be.greaterThan(now)
  })

  it('remembers 100,000 keys at most; the oldest go first', () => {
    const { hit } = storeAt()
    for (let i = 0; i < 100_000; i++) hit(`client-${i}`)
    expect(hit('client-0').totalHits).to.equal(2)
    hit('one-more')
    expect(hit('client-0').totalHits).to.equal(1)
    expect(hit('client-99999').totalHits).to.equal(2)
  })
})
