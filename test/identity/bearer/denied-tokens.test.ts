import { expect } from 'chai'
import fc from 'fast-check'
import { createDeniedTokens } from '../../../src/identity/bearer/denied-tokens.ts'
import { denialKey } from '../../../src/identity/bearer/token-denylist.ts'
import { testClock } from '../../support/test-clock.ts'

describe('Denied tokens in a process', () => {
  it('never grow beyond their bound, and make room when something is over', () => {
    const clock = testClock()
    const denied = createDeniedTokens({ clock, maxSize: 3 })
    for (const [i, key] of ['a', 'b', 'c'].entries())
      expect(denied.add(key, clock.now() + (i + 1) * 1_000)).to.equal(true)
    expect(denied.add('d', clock.now() + 9_000)).to.equal(false)
    expect(denied.has('d')).to.equal(false)
    expect(denied.add('a', clock.now() + 1_500)).to.equal(true)
    clock.advance('2s')
    expect(denied.add('d', clock.now() + 9_000)).to.equal(true)
    expect(denied.entries().map(({ key }) => key)).to.deep.equal(['c', 'd'])
  })

  it('are what a plain model says they are', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      life: fc.integer({ min: -5, max: 120 }),
      pass: fc.integer({ min: 0, max: 90 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const clock = testClock(0)
        const denied = createDeniedTokens({ clock, maxSize: 10 })
        const model = new Map<string, number>()
        for (const { key, life, pass } of steps) {
          const until = clock.now() + life * 1_000
          denied.add(key, until)
          model.set(key, Math.max(model.get(key) ?? until, until))
          clock.advance(`${pass}s`)
          for (const one of ['a', 'b', 'c', 'd'])
            expect(denied.has(one)).to.equal(clock.now() < (model.get(one) ?? Number.NEGATIVE_INFINITY))
        }
      }),
    )
  })
})

describe('The name of a token on the denylist', () => {
  it('is its id where it has one, at its issuer', () => {
    expect(denialKey('https://a', 'x.y.z', 'id')).to.equal(denialKey('https://a', 'p.q.r', 'id'))
    expect(denialKey('https://a', 'x.y.z', 'id')).not.to.equal(denialKey('https://b', 'x.y.z', 'id'))
    expect(denialKey('https://a', 'x.y.z', 'id')).not.to.include('id')
  })

  it('is what its signature covers where it has none', () => {
    for (const none of [undefined, '', null, 7, ['id'], {}]) {
      expect(denialKey('https://a', 'x.y.z', none)).to.equal(denialKey('https://a', 'x.y.other', none))
      expect(denialKey('https://a', 'x.y.z', none)).not.to.equal(denialKey('https://a', 'x.other.z', none))
    }
  })
})
