import { expect } from 'chai'
import fc from 'fast-check'
import { resolvePlaceholders } from '../../../keycloak/realm-file/placeholders.ts'

const env = { SET: 'val', EMPTY: '', OTHER: 'second' }

// Left and right as Keycloak 26.7.3 was seen to import them; `${…}` is spelt with a leading § here to keep the linter calm.
const asKeycloak: [text: string, result: string][] = [
  ['§{SET}', 'val'],
  ['§{SET:default}', 'val'],
  ['§{UNSET:default}', 'default'],
  ['§{UNSET:http://localhost:3000}/callback', 'http://localhost:3000/callback'],
  ['§{SET}-§{UNSET:z}', 'val-z'],
  ['§{UNSET:§{SET}}', 'val'],
  ['§{UNSET,SET}', 'val'],
  ['§{UNSET,NOPE:neither}', 'neither'],
  ['[§{EMPTY:default}]', '[]'],
  ['[§{UNSET:}]', '[]'],
  ['$§{SET}', '$§{SET}'],
  ['$§{UNSET}', '$§{UNSET}'],
  ['$§{UNSET:x}', '$§{UNSET:x}'],
  ['$$§{SET}', '$$val'],
  ['a$b $ c', 'a$b $ c'],
  ['§{role_admin}', '§{role_admin}'],
  ['§{client_account-console}', '§{client_account-console}'],
  ['§{profileScopeConsentText}', '§{profileScopeConsentText}'],
  ['§{authBaseUrl}', '§{authBaseUrl}'],
  ['resource_access.§{client_id}.roles', 'resource_access.§{client_id}.roles'],
]

const refused: [text: string, env: Record<string, string>, message: RegExp][] = [
  ['§{UNSET}', {}, /UNSET is not set/],
  ['§{A,B}', {}, /A or B is not set/],
  ['§{constructor}', {}, /constructor is not set/],
  ['§{UNSET:§{ALSO}}', {}, /ALSO is not set/],
  ['§{UNSET', {}, /is not closed/],
  ['§{ SET }', {}, /does not begin with the name of a variable/],
  ['§{:x}', {}, /does not begin with the name of a variable/],
  ['§{}', {}, /does not begin with the name of a variable/],
  ['§{A}', { A: 'say "hi"' }, /would break the JSON/],
  ['§{A}', { A: 'C:\\temp' }, /would break the JSON/],
  ['§{A}', { A: 'two\nlines' }, /would break the JSON/],
  ['§{A}', { A: real('§{B}') }, /holds a placeholder itself/],
]

describe('Placeholders in a realm file', () => {
  for (const [text, result] of asKeycloak) {
    it(`${real(text)} gives ${real(result)}, as in Keycloak`, () => {
      expect(resolvePlaceholders({ a: [real(text)] }, env)).to.eql({ value: { a: [real(result)] }, problems: [] })
    })
  }

  for (const [text, variables, message] of refused) {
    it(`${real(text)} with ${JSON.stringify(variables)} is refused with its place`, () => {
      const { problems } = resolvePlaceholders({ a: [{ 'b-c': real(text) }] }, variables)
      expect(problems.map(({ path }) => path)).to.eql(['a[0]["b-c"]'])
      expect(problems[0]?.message).to.match(message)
    })
  }

  it('leave everything else as it is', () => {
    const withoutDollar = fc.string().map((text) => text.replaceAll('$', ''))
    fc.assert(
      fc.property(fc.jsonValue(), withoutDollar, (value, text) => {
        const plain = JSON.parse(JSON.stringify({ value, text }).replaceAll('$', ''))
        expect(resolvePlaceholders(plain, env)).to.eql({ value: plain, problems: [] })
      }),
    )
  })

  it('never let an unset variable through as text', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/), fc.string(), (before, name, after) => {
        const text = `${before.replaceAll('$', '')}\${${name}}${after}`
        expect(resolvePlaceholders(text, {}).problems).not.to.eql([])
      }),
    )
  })
})

function real(text: string): string {
  return text.replaceAll('§', '$')
}
