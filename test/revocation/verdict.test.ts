import { expect } from 'chai'
import {
  type Verdict,
  verdictOnAdminEvent,
  verdictOnUserEvent,
  withoutRepetition,
} from '../../src/revocation/verdict.ts'

const at = 1_800_000_000_000
const alice = { subject: 'alice', at }
const renewEveryone = { do: 'renew-everyone', at }

/** Operation, resource type and path as Keycloak 26.7 records them. */
const adminEvents: [what: string, event: [string, string, string], verdict: object | undefined][] = [
  ['changes an account', ['UPDATE', 'USER', 'users/alice'], { do: 'look-at-person', since: at, ...alice }],
  [
    'imports an account over another',
    ['UPDATE', 'REALM', 'users/alice'],
    { do: 'look-at-person', since: at, ...alice },
  ],
  ['makes an account', ['CREATE', 'USER', 'users/alice'], undefined],
  ['deletes an account', ['DELETE', 'USER', 'users/alice'], { do: 'end-person', why: 'deleted', ...alice }],
  [
    'sets a password',
    ['ACTION', 'USER', 'users/alice/reset-password'],
    { do: 'end-person', why: 'password-reset', ...alice },
  ],
  ['signs a person out', ['ACTION', 'USER', 'users/alice/logout'], { do: 'end-person', why: 'signed-out', ...alice }],
  [
    'deletes a credential',
    ['ACTION', 'USER', 'users/alice/credentials/7'],
    { do: 'look-at-person', since: at, ...alice },
  ],
  [
    'takes a role',
    ['DELETE', 'REALM_ROLE_MAPPING', 'users/alice/role-mappings/realm'],
    { do: 'renew-person', ...alice },
  ],
  [
    'gives a role',
    ['CREATE', 'CLIENT_ROLE_MAPPING', 'users/alice/role-mappings/clients/7'],
    { do: 'renew-person', ...alice },
  ],
  ['takes from a group', ['DELETE', 'GROUP_MEMBERSHIP', 'users/alice/groups/7'], { do: 'renew-person', ...alice }],
  [
    'deletes a session',
    ['DELETE', 'USER_SESSION', 'sessions/sso-1'],
    { do: 'end-session', providerSessionId: 'sso-1', at },
  ],
  ['signs everybody out', ['ACTION', 'REALM', 'logout-all'], { do: 'end-everyone', at }],
  ['pushes a not-before', ['ACTION', 'REALM', 'push-revocation'], { do: 'look-at-realm', at }],
  ['changes the realm', ['UPDATE', 'REALM', ''], { do: 'look-at-realm', at }],
  ['changes what is remembered', ['UPDATE', 'REALM', 'events/config'], undefined],
  ['takes a role from a group', ['DELETE', 'REALM_ROLE_MAPPING', 'groups/7/role-mappings/realm'], renewEveryone],
  ['changes a group', ['UPDATE', 'GROUP', 'groups/7'], renewEveryone],
  ['deletes a group', ['DELETE', 'GROUP', 'groups/7'], renewEveryone],
  ['makes a group', ['CREATE', 'GROUP', 'groups/7'], undefined],
  ['puts a role into another', ['CREATE', 'REALM_ROLE', 'roles-by-id/7/composites'], renewEveryone],
  ['takes a role out of another', ['DELETE', 'REALM_ROLE', 'roles/admin/composites'], renewEveryone],
  ['makes a role', ['CREATE', 'REALM_ROLE', 'roles/admin'], undefined],
  ['deletes a role', ['DELETE', 'REALM_ROLE', 'roles/admin'], renewEveryone],
  ['changes a client', ['UPDATE', 'CLIENT', 'clients/7'], renewEveryone],
  ['adds a mapper', ['CREATE', 'PROTOCOL_MAPPER', 'clients/7/protocol-mappers/models/8'], renewEveryone],
  ['maps a role to a client', ['CREATE', 'REALM_SCOPE_MAPPING', 'clients/7/scope-mappings/realm'], renewEveryone],
  ['adds a key', ['CREATE', 'COMPONENT', 'components/7'], undefined],
  ['changes a flow', ['UPDATE', 'AUTH_FLOW', 'authentication/flows/7'], undefined],
  ['does what nobody has heard of', ['ACTION', 'TEAPOT', 'teapots/7/brew'], undefined],
]

describe('When an administrator', () => {
  for (const [what, [operation, resourceType, path], verdict] of adminEvents)
    it(`${what}: ${verdict === undefined ? 'nothing follows' : (verdict as Verdict).do}`, () => {
      expect(verdictOnAdminEvent({ id: '1', time: at, operation, resourceType, path })).to.deep.equal(verdict)
    })
})

describe('When a person', () => {
  const judge = (type: string, who: { userId?: string; sessionId?: string }) =>
    verdictOnUserEvent({ id: '1', time: at, type, userId: undefined, sessionId: undefined, ...who })

  it('signs out, that session ends', () => {
    expect(judge('LOGOUT', { userId: 'alice', sessionId: 'sso-1' })).to.deep.equal({
      do: 'end-session',
      providerSessionId: 'sso-1',
      at,
    })
  })

  it('deletes the account, everything ends', () => {
    expect(judge('DELETE_ACCOUNT', { userId: 'alice' })).to.deep.equal({ do: 'end-person', why: 'deleted', ...alice })
  })

  it('is locked out for good, the account is looked at', () => {
    const verdict = judge('USER_DISABLED_BY_PERMANENT_LOCKOUT', { userId: 'alice' })
    expect(verdict).to.deep.equal({ do: 'look-at-person', since: at, ...alice })
  })

  it('does anything else, or nobody knows who it was, nothing follows', () => {
    expect(judge('LOGIN', { userId: 'alice', sessionId: 'sso-1' })).to.equal(undefined)
    expect(judge('LOGOUT', { userId: 'alice' })).to.equal(undefined)
    expect(judge('DELETE_ACCOUNT', { sessionId: 'sso-1' })).to.equal(undefined)
  })
})

describe('Verdicts of one page', () => {
  it('are carried out once each, the latest, for the time since the first', () => {
    const look = (time: number): Verdict => ({ do: 'look-at-person', subject: 'alice', since: time, at: time })
    const renew = (subject: string, time: number): Verdict => ({ do: 'renew-person', subject, at: time })
    expect(
      withoutRepetition([look(1), renew('bob', 2), undefined, look(3), renew('alice', 4), look(5), renew('bob', 6)]),
    ).to.deep.equal([{ ...look(5), since: 1 }, renew('bob', 6), renew('alice', 4)])
  })
})
