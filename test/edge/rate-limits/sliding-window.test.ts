import { expect } from 'chai'
import { emptyWindow, estimate, slide } from '../../../src/edge/rate-limits/sliding-window.ts'

const LENGTH = 10_000
const START = 1_700_000_000_000

/** A window with 7 hits, 3 in the one before, and what became of it after so many milliseconds. */
function after(milliseconds: number) {
  const window = { ...emptyWindow(START, LENGTH), current: 7, previous: 3 }
  const kept = slide(window, START + milliseconds, LENGTH)
  return { ...window, kept, endsAt: window.endsAt - START }
}

describe('a sliding window', () => {
  for (const [what, milliseconds, expected] of [
    ['stays as it is until its end', 9_999, { current: 7, previous: 3, endsAt: 10_000, kept: true }],
    ['is the one before from then on', 10_000, { current: 0, previous: 7, endsAt: 20_000, kept: true }],
    ['is still that a moment before the next end', 19_999, { current: 0, previous: 7, endsAt: 20_000, kept: true }],
    ['is forgotten after two', 20_000, { current: 0, previous: 0, endsAt: 30_000, kept: false }],
    ['does not mind a clock that is set back a little', -1, { current: 7, previous: 3, endsAt: 10_000, kept: true }],
    ['nor one that is set back by a window', -10_000, { current: 7, previous: 3, endsAt: 10_000, kept: true }],
    ['begins anew when it is set back further', -10_001, { current: 0, previous: 0, endsAt: -10_000, kept: false }],
  ] as const)
    it(what, () => expect(after(milliseconds)).to.deep.equal(expected))

  it('has the same edges on every instance', () => {
    const ends = [0, 1, 9_999].map((moment) => emptyWindow(START + moment, LENGTH).endsAt)
    expect(new Set(ends)).to.deep.equal(new Set([START + LENGTH]))
  })

  it('counts the window before by what overlaps, and never more than it had', () => {
    expect([10_000, 5_000, 1, 12_000].map((left) => estimate(1, 100, left, LENGTH))).to.deep.equal([101, 51, 1, 101])
    expect(estimate(4, 0, 5_000, LENGTH)).to.equal(4)
  })
})
