import { expect } from 'chai'
import fc from 'fast-check'
import type { BearerIdentity } from '../../../src/identity/identity.ts'
import { identityHeaders } from '../../../src/proxy/headers/identity-headers.ts'
import { the } from '../../support/the.ts'

function identity(changes: Partial<BearerIdentity> = {}): BearerIdentity {
  return { method: 'bearer', ...the.caller(), issuer: 'x', tenant: null, accessToken: 't', ...changes }
}

function headersOf(changes: Partial<BearerIdentity>): Record<string, string> {
  const flat = identityHeaders(identity(changes))
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])))
}

const names: readonly (readonly [what: string, claim: string, written: string])[] = [
  ['as it is', 'alice', 'alice'],
  ['an address as it is', 'alice@wonderland.example', 'alice@wonderland.example'],
  ['a blank', 'Alice Liddell', 'Alice%20Liddell'],
  ['a percent sign', '100%', '100%25'],
  ['a line break', 'a\r\nX-User-Roles: admin', 'a%0D%0AX-User-Roles:%20admin'],
  ['a NUL', 'a\0b', 'a%00b'],
  ['letters beyond ASCII', 'Zoë', 'Zo%C3%AB'],
  ['a coat', '🧥', '%F0%9F%A7%A5'],
  ['half a character', 'a\ud83eb', 'a%EF%BF%BDb'],
  ['a delete character', 'a\x7f', 'a%7F'],
]

describe('the identity headers', () => {
  it('say who is calling', () => {
    expect(headersOf({})).to.deep.equal({
      'X-User-Id': the.alice().sub,
      'X-User-Name': 'alice',
      'X-User-Roles': 'realm:customer',
    })
  })

  it('say nothing about what is not known', () => {
    expect(headersOf({ username: null, roles: [] })).to.deep.equal({ 'X-User-Id': the.alice().sub, 'X-User-Roles': '' })
  })

  it('name the tenant where there is one', () => {
    expect(headersOf({ tenant: 'acme' })['X-Tenant-Id']).to.equal('acme')
  })

  for (const [what, claim, written] of names)
    it(`write ${what}: ${JSON.stringify(claim)} → ${written}`, () => {
      expect(headersOf({ username: claim })['X-User-Name']).to.equal(written)
      expect(headersOf({ id: claim })['X-User-Id']).to.equal(written)
    })

  it('keep roles apart even when a role holds a comma', () => {
    const roles = ['realm:a,realm:admin', 'realm:b c', 'client:x:y']
    expect(headersOf({ roles })['X-User-Roles']).to.equal('realm:a%2Crealm:admin,realm:b%20c,client:x:y')
  })

  it('can be read back whatever the claims are', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((claim) => claim.isWellFormed())
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 10 }), (username, roles) => {
        const written = headersOf({ username, roles })
        expect(decodeURIComponent(written['X-User-Name'] ?? '')).to.equal(username)
        const read = (written['X-User-Roles'] ?? '').split(',').map(decodeURIComponent)
        expect(read).to.deep.equal(roles.length === 0 ? [''] : roles)
        for (const value of Object.values(written)) expect(value).to.match(/^[\x21-\x7e]*$/)
      }),
      { numRuns: 200 },
    )
  })

  it('stay within bounds, and cut no role in two', () => {
    const roles = Array.from({ length: 1_000 }, (_, i) => `realm:role-number-${i}`)
    const written = headersOf({ roles })['X-User-Roles'] ?? ''
    expect(written.length).to.be.greaterThan(3_900).and.at.most(4_096)
    expect(written.split(',')).to.deep.equal(roles.slice(0, written.split(',').length))
  })

  it('are made once for one identity', () => {
    const one = identity()
    expect(identityHeaders(one)).to.equal(identityHeaders(one))
  })
})
