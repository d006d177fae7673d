import { expect } from 'chai'
import fc from 'fast-check'
import { createPolicy, type Requirements } from '../../src/access/policy.ts'
import { readCallerClaims } from '../../src/identity/caller-claims.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { refusalIfAny, refusalOf } from '../edge/refusal.ts'
import { the } from '../support/the.ts'

const NOTHING: Requirements = { roles: [], scopes: [], groups: [], acr: null }

function caller(changes: Partial<Identity> = {}): Identity {
  const bearer = { method: 'bearer', ...the.caller(), issuer: 'x', tenant: null, accessToken: 't' } as const
  return { ...bearer, ...changes } as Identity
}

function refusal(requirements: Partial<Requirements>, identity: Partial<Identity>): GatewayError | undefined {
  return refusalIfAny(() => createPolicy({ ...NOTHING, ...requirements })(caller(identity)))
}

type Row = readonly [what: string, requirements: Partial<Requirements>, identity: Partial<Identity>]

const admitted: readonly Row[] = [
  ['anyone who is known, when nothing is asked', {}, { roles: [], scopes: [], groups: [], acr: null }],
  ['the role', { roles: ['realm:admin'] }, { roles: ['realm:admin'] }],
  ['every role of several', { roles: ['realm:a', 'client:x:b'] }, { roles: ['client:x:b', 'realm:c', 'realm:a'] }],
  ['a role that holds a colon', { roles: ['client:x:a:b'] }, { roles: ['client:x:a:b'] }],
  ['the scope', { scopes: ['orders.read'] }, { scopes: ['openid', 'orders.read'] }],
  ['the group', { groups: ['/staff/support'] }, { groups: ['/staff/support'] }],
  ['the level', { acr: 'gold' }, { acr: 'gold' }],
  ['one of the levels', { acr: ['gold', 'silver'] }, { acr: 'silver' }],
  [
    'all of it',
    { roles: ['realm:a'], scopes: ['s'], groups: ['/g'], acr: '2' },
    { roles: ['realm:a'], scopes: ['s'], groups: ['/g'], acr: '2' },
  ],
]

const refused: readonly Row[] = [
  ['no role at all', { roles: ['realm:admin'] }, { roles: [] }],
  ['the role of a client for the role of the realm', { roles: ['realm:admin'] }, { roles: ['client:account:admin'] }],
  ['the role of the realm for the role of a client', { roles: ['client:x:admin'] }, { roles: ['realm:admin'] }],
  ['the role of another client', { roles: ['client:x:admin'] }, { roles: ['client:y:admin'] }],
  ['a client called realm', { roles: ['realm:admin'] }, { roles: ['client:realm:admin'] }],
  [
    'a realm role that is spelled like a client role',
    { roles: ['client:x:admin'] },
    { roles: ['realm:client:x:admin'] },
  ],
  ['the role in other case', { roles: ['realm:admin'] }, { roles: ['realm:Admin', 'REALM:admin'] }],
  ['the role in another script', { roles: ['realm:admin'] }, { roles: ['realm:аdmin', 'realm:ａdmin'] }],
  ['the role with blanks', { roles: ['realm:admin'] }, { roles: ['realm:admin ', ' realm:admin', 'realm: admin'] }],
  ['a longer role', { roles: ['realm:admin'] }, { roles: ['realm:administrator', 'realm:admin,x', 'realm:admi'] }],
  ['a wildcard', { roles: ['realm:admin'] }, { roles: ['*', 'realm:*'] }],
  ['one role of two', { roles: ['realm:a', 'realm:b'] }, { roles: ['realm:a'] }],
  ['a role for a scope', { scopes: ['admin'] }, { roles: ['admin', 'realm:admin'], scopes: [] }],
  ['a part of a scope', { scopes: ['orders'] }, { scopes: ['orders.read', 'order', 'ORDERS'] }],
  ['a group above', { groups: ['/staff/support'] }, { groups: ['/staff'] }],
  ['a group below', { groups: ['/staff'] }, { groups: ['/staff/support'] }],
  [
    'a group of that name elsewhere',
    { groups: ['/staff/support'] },
    { groups: ['/partners/staff/support', 'support'] },
  ],
  ['a group in other case or spelling', { groups: ['/staff'] }, { groups: ['/Staff', 'staff', '/staff/', '//staff'] }],
  ['two of three', { roles: ['realm:a'], scopes: ['s'], groups: ['/g'] }, { roles: ['realm:a'], scopes: ['s'] }],
]

const tooWeak: readonly Row[] = [
  ['no level', { acr: 'gold' }, { acr: null }],
  ['another level', { acr: 'gold' }, { acr: 'silver' }],
  ['a level in other case', { acr: 'gold' }, { acr: 'Gold' }],
  ['none of several', { acr: ['gold', 'platinum'] }, { acr: 'silver' }],
  ['a list that holds the level', { acr: 'gold' }, { acr: 'gold silver' }],
]

describe('a policy', () => {
  for (const [what, requirements, identity] of admitted)
    it(`admits ${what}`, () => expect(refusal(requirements, identity)).to.equal(undefined))

  for (const [what, requirements, identity] of refused)
    it(`refuses ${what}`, () => {
      expect(refusal(requirements, { groups: [], ...identity })).to.include({
        code: 'INSUFFICIENT_PERMISSIONS',
        status: 403,
      })
    })

  for (const [what, requirements, identity] of tooWeak)
    it(`asks for a stronger sign-in for ${what}`, () => {
      expect(refusal(requirements, identity)).to.include({ code: 'STEP_UP_REQUIRED', status: 401 })
    })

  it('names what is missing, and only that', () => {
    const asked = { roles: ['realm:a', 'realm:b'], scopes: ['s'], groups: ['/g'] }
    const { details, reason } = refusalOf(() => createPolicy({ ...NOTHING, ...asked })(caller({ roles: ['realm:a'] })))
    expect(details).to.deep.equal({ required: { roles: ['realm:b'], scopes: ['s'], groups: ['/g'] } })
    expect(reason).to.contain('realm:b').and.not.contain('realm:a')
  })

  it('challenges a bearer for what it lacks (RFC 6750), and nobody else', () => {
    const lacking = (identity: Partial<Identity>) => refusal({ scopes: ['a', 'b'] }, identity)?.headers
    expect(lacking({ scopes: ['a'] })).to.deep.equal({
      'WWW-Authenticate': 'Bearer realm="cloakroom", error="insufficient_scope", scope="a b"',
    })
    expect(lacking({ method: 'session', scopes: ['a'] })).to.deep.equal({})
  })

  it('challenges for a stronger sign-in with the levels that will do (RFC 9470)', () => {
    const challenge = refusal({ acr: ['gold', 'platinum'] }, { acr: '1' })
    expect(challenge?.headers['WWW-Authenticate']).to.equal(
      'Bearer realm="cloakroom", error="insufficient_user_authentication", acr_values="gold platinum"',
    )
    expect(challenge?.details).to.deep.equal({ acrValues: ['gold', 'platinum'] })
  })

  for (const odd of ['gold "x"', 'gold\r\nX-Evil: 1', '金', 'go\\ld'])
    it(`leaves out of a challenge what cannot stand in one: ${JSON.stringify(odd)}`, () => {
      const acr = refusal({ acr: [odd, 'silver'] }, { acr: '1' })?.headers['WWW-Authenticate']
      expect(acr).to.match(/error="insufficient_user_authentication", acr_values="silver"$/)
      const scope = refusal({ scopes: [odd] }, { scopes: [] })?.headers['WWW-Authenticate']
      expect(scope).to.match(/error="insufficient_scope"$/)
    })

  it('tells first what a stronger sign-in would not mend', () => {
    expect(refusal({ roles: ['realm:admin'], acr: 'gold' }, { acr: '1' })?.status).to.equal(403)
  })

  it('never takes what one namespace holds for what another one asks, whatever the names', () => {
    const name = fc.oneof(
      fc.constantFrom('admin', 'x', 'realm', 'client', 'a:b'),
      fc.string({ minLength: 1, maxLength: 8 }),
    )
    const client = name.filter((id) => !id.includes(':'))
    fc.assert(
      fc.property(name, client, client, (role, one, other) => {
        fc.pre(one !== other)
        const ofRealm = readCallerClaims({ sub: 's', realm_access: { roles: [role] } })
        const ofClient = readCallerClaims({ sub: 's', resource_access: { [one]: { roles: [role] } } })
        const asked = (roles: string[], { roles: held }: { roles: readonly string[] }) =>
          refusal({ roles }, { roles: held }) === undefined
        expect(asked([`realm:${role}`], ofRealm)).to.equal(true)
        expect(asked([`client:${one}:${role}`], ofClient)).to.equal(true)
        expect(asked([`client:${one}:${role}`], ofRealm)).to.equal(false)
        expect(asked([`realm:${role}`], ofClient)).to.equal(false)
        expect(asked([`client:${other}:${role}`], ofClient)).to.equal(false)
      }),
      { numRuns: 1_000 },
    )
  })
})
