import { expect } from 'chai'
import fc from 'fast-check'
import { changedSince, RESOURCE_VERSION, versionOf } from '../../../../src/platform/keycloak/people/resource-version.ts'

describe('A version', () => {
  it('tells which members have changed since', () => {
    const before = { firstName: 'Alice', lastName: 'Liddell', email: null }
    const version = versionOf(before)
    expect(version).to.match(RESOURCE_VERSION)
    expect(changedSince(version, before)).to.deep.equal([])
    expect(changedSince(version, { ...before, email: 'a@example.com', firstName: 'Alicia' })).to.deep.equal([
      'firstName',
      'email',
    ])
  })

  it('of something else is outdated in every member', () => {
    for (const version of ['', 'AAAAAA', versionOf({ a: 1, b: 2 })])
      expect(changedSince(version, { firstName: 'A', lastName: 'L', email: null })).to.have.length(3)
  })

  it('is the same for the same values, whatever they are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 20 }), (shown) => {
        const version = versionOf(shown)
        expect(version).to.match(RESOURCE_VERSION)
        expect(changedSince(version, structuredClone(shown))).to.deep.equal([])
      }),
    )
  })
})
