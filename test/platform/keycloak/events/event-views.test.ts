import { expect } from 'chai'
import fc from 'fast-check'
import { rawAdminActs, toAdminActView } from '../../../../src/platform/keycloak/events/to-admin-act-view.ts'
import { rawLogins, toLoginView } from '../../../../src/platform/keycloak/events/to-login-view.ts'

/** Details that are words of Keycloak's own. */
const SHOWN = [
  ...['username', 'auth_method', 'auth_type', 'client_auth_method', 'credential_type', 'custom_required_action'],
  ...['grant_type', 'identity_provider', 'remember_me', 'response_mode', 'response_type', 'scope'],
]

const loginOf = (event: object) =>
  rawLogins.parse([{ time: 1_800_000_000_000, type: 'LOGIN', ...event }]).map(toLoginView)
const actOf = (event: object) =>
  rawAdminActs.parse([{ time: 1_800_000_000_000, operationType: 'CREATE', ...event }]).map(toAdminActView)

describe('What is shown of an event of somebody', () => {
  it('is who, when, from where, by which client, and how', () => {
    const details = { username: 'alice', auth_method: 'openid-connect', grant_type: 'password', scope: 'openid email' }
    const seen = { id: 'e1', userId: 'u1', clientId: 'shop', ipAddress: '10.0.0.7', sessionId: 'sid-1', details }
    expect(loginOf(seen)[0]).to.deep.include({
      ...{ id: 'e1', at: '2027-01-15T08:00:00.000Z', type: 'LOGIN', error: null, userId: 'u1', username: 'alice' },
      ...{ client: 'shop', ip: '10.0.0.7' },
      details: { auth_method: 'openid-connect', grant_type: 'password', scope: 'openid email' },
    })
  })

  it('tells events of one session from those of others, without the id of the session', () => {
    const [first] = loginOf({ sessionId: 'canary-sid' })
    const [again] = loginOf({ sessionId: 'canary-sid', type: 'LOGOUT' })
    expect(first?.session).to.match(/^[\w-]{16}$/)
    expect(again?.session).to.equal(first?.session)
    expect(loginOf({ sessionId: 'other' })[0]?.session).not.to.equal(first?.session)
    expect(loginOf({})[0]?.session).to.equal(null)
    expect(JSON.stringify(first)).not.to.contain('canary')
  })

  it('is not what somebody nobody knows typed as a name', () => {
    expect(loginOf({ error: 'user_not_found', details: { username: 'canary-password' } })[0]).to.deep.include({
      ...{ error: 'user_not_found', username: null, details: {} },
    })
  })

  it('is nothing of the details that could be used, whatever they are called', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.constantFrom('u1', null), (extra, userId) => {
        const names = Object.keys(extra).filter((name) => !SHOWN.includes(name))
        const hidden = Object.fromEntries(names.map((name) => [name, 'canary-value']))
        const details = { ...hidden, code_id: 'canary', token_id: 'canary', redirect_uri: 'https://x/?code=canary' }
        expect(JSON.stringify(loginOf({ userId, details }))).not.to.contain('canary')
      }),
    )
  })

  for (const [what, value] of [
    ['an object', { secret: 'canary' }],
    ['something long', 'canary '.repeat(40)],
    ['something with markup', '<b>canary</b>'],
    ['a token', 'eyJhbGciOiJub25lIn0.eyJjYW5hcnkiOjF9.canary'],
    ['lines', 'canary\nforged line'],
  ] as const)
    it(`leaves out an allowed detail that is ${what}`, () => {
      expect(loginOf({ details: { scope: value, auth_type: value } })[0]?.details).to.deep.equal({})
    })

  it('takes no member from a prototype', () => {
    expect(loginOf({ details: JSON.parse('{"__proto__": {"scope": "canary"}}') })[0]?.details).to.deep.equal({})
  })

  it('stands a time that is none, and a missing id', () => {
    expect(loginOf({ time: 9e300 })[0]).to.include({ at: '1970-01-01T00:00:00.000Z', id: '9e+300-LOGIN' })
  })
})

describe('What is shown of an act of an administrator', () => {
  it('is what was done, to what, and by whom', () => {
    const authDetails = { realmId: 'r1', clientId: 'c1', userId: 'u1', ipAddress: '10.0.0.7' }
    const [act] = actOf({ id: 'a1', realmId: 'r1', resourceType: 'USER', resourcePath: 'users/u2', authDetails })
    expect(act).to.deep.equal({
      ...{ id: 'a1', at: '2027-01-15T08:00:00.000Z', operation: 'CREATE', resourceType: 'USER', path: 'users/u2' },
      ...{ error: null, members: [], roles: [] },
      actor: { userId: 'u1', clientUuid: 'c1', ip: '10.0.0.7', isOfThisRealm: true },
    })
    expect(
      actOf({ realmId: 'r1', authDetails: { ...authDetails, realmId: 'master' } })[0]?.actor.isOfThisRealm,
    ).to.equal(false)
    expect(actOf({})[0]?.actor).to.deep.equal({ userId: null, clientUuid: null, ip: null, isOfThisRealm: false })
  })

  it('names what was written and never says what', () => {
    const representation = JSON.stringify({ email: 'canary@x', secret: 'canary', attributes: { canary: ['canary'] } })
    const [act] = actOf({ resourceType: 'USER', representation })
    expect(act?.members).to.deep.equal(['email', 'secret', 'attributes'])
    expect(JSON.stringify(act)).not.to.contain('canary')
  })

  it('names roles that were given, and nothing else that comes as a list', () => {
    const representation = JSON.stringify([{ name: 'customer', description: 'canary' }, 7, null, { id: 'canary' }])
    expect(actOf({ resourceType: 'REALM_ROLE_MAPPING', representation })[0]).to.deep.include({
      roles: ['customer'],
      members: [],
    })
    expect(actOf({ resourceType: 'CLIENT', representation })[0]).to.deep.include({ roles: [], members: [] })
  })

  it('hides the id of a session in a path', () => {
    expect(actOf({ resourcePath: 'sessions/canary-sid' })[0]?.path).to.equal('sessions/*')
    expect(actOf({ resourcePath: 'users/u1/sessions' })[0]?.path).to.equal('users/u1/sessions')
  })

  it('stands whatever is written there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (representation) => {
        const [act] = actOf({ resourceType: 'REALM_ROLE_MAPPING', representation })
        expect(act?.members.length).to.be.at.most(50)
        expect(act?.roles.length).to.be.at.most(50)
      }),
    )
  })
})
