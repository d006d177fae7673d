import { expect } from 'chai'
import fc from 'fast-check'
import { duplicateMember } from '../../../src/platform/http/duplicate-member.ts'

describe('A member that comes twice', () => {
  it('is found wherever it stands', () => {
    for (const [text, found] of [
      ['{"a":1,"a":2}', 'a'],
      ['{"a":1,"\\u0061":2}', 'a'],
      ['{ "a" : { "b":1 } , "c":[{"d":1,\n"d":2}] }', 'd'],
      ['{"":1,"":2}', ''],
      ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ] as const)
      expect(duplicateMember(text), text).to.equal(found)
  })

  it('is told where it comes once, if it must never come', () => {
    expect(duplicateMember('{"a":[{"__proto__":1}]}', '__proto__')).to.equal('__proto__')
    expect(duplicateMember('{"a":[{"__proto__":1}]}')).to.equal(undefined)
    expect(duplicateMember('{"a":"__proto__"}', '__proto__')).to.equal(undefined)
  })

  it('is not seen in values, in other objects, or in names that only look alike', () => {
    for (const text of [
      '{"a":"a","b":"a"}',
      '["a","a"]',
      '{"a":{"a":{"a":1}}}',
      '[{"a":1},{"a":2}]',
      '{"a":1,"A":2}',
      '{"a":",\\"a\\":1"}',
    ])
      expect(duplicateMember(text), text).to.equal(undefined)
  })

  it('is never seen in what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => duplicateMember(JSON.stringify(value)) === undefined))
  })

  it('text that is no JSON is not judged and does no harm', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => void duplicateMember(text)))
    expect(duplicateMember('}}]]{"a'.repeat(10_000))).to.equal(undefined)
  })
})
