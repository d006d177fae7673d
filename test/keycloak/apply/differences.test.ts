import { expect } from 'chai'
import fc from 'fast-check'
import { describeDifferences, differentMembers, differs } from '../../../keycloak/apply/differences.ts'

describe('Differences between a file and Keycloak', () => {
  const same: [wanted: unknown, current: unknown][] = [
    [undefined, 'anything'],
    ['', undefined],
    [
      ['b', 'a'],
      ['a', 'b'],
    ],
    [{ a: 1 }, { a: 1, more: 2 }],
    [{ a: { b: [] } }, { a: { b: [], c: 1 } }],
  ]
  const other: [wanted: unknown, current: unknown][] = [
    ['', 'x'],
    ['x', undefined],
    [0, false],
    [['a'], ['a', 'b']],
    [[], undefined],
    [['a', 'a'], ['a']],
    [{ a: 1 }, {}],
    [{ a: 1 }, null],
    [{ toString: 'x' }, {}],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ]
  for (const [wanted, current] of same) {
    it(`${JSON.stringify(wanted)} is there in ${JSON.stringify(current)}`, () => {
      expect(differs(wanted, current)).to.equal(false)
    })
  }
  for (const [wanted, current] of other) {
    it(`${JSON.stringify(wanted)} is not there in ${JSON.stringify(current)}`, () => {
      expect(differs(wanted, current)).to.equal(true)
    })
  }

  it('are none between a value and itself, and none are left once they have been taken over', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(object, object, (wanted, current) => {
        expect(differs(wanted, wanted)).to.equal(false)
        expect(differs(wanted, { ...current, ...differentMembers(wanted, current) })).to.equal(false)
      }),
    )
  })

  it('are told by name, the differing members of objects only, and without secrets', () => {
    const current = {
      on: true,
      list: ['a'],
      attributes: { kept: '1', old: '2' },
      secret: 'before',
      mail: { password: 'x' },
    }
    const wanted = {
      list: ['b'],
      attributes: { kept: '1', old: '3' },
      secret: 'after',
      mail: { password: 'y' },
      new: 1,
    }
    expect(describeDifferences(differentMembers(wanted, current), current)).to.equal(
      'list ["a"] → ["b"], attributes.old "2" → "3", secret changed, mail.password changed, new not set → 1',
    )
  })
})
