import { expect } from 'chai'
import type { BearerIdentity } from '../../src/identity/identity.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { createAskStanding } from '../../src/revocation/ask-standing.ts'
import { checkCutOffs } from '../../src/revocation/check-cut-offs.ts'
import { the } from '../support/the.ts'
import { fakeKeycloakEvents } from './fake-keycloak-events.ts'

const SIGNED_IN = 1_800_000_000_000
const fine = { enabled: true, notBefore: 0, passwordSetAt: SIGNED_IN - 1 }

describe('An account that is asked whether a session still counts', () => {
  for (const [what, standing, counts] of [
    ['is as it was', fine, true],
    ['has no password', { ...fine, passwordSetAt: null }, true],
    ['got its password in the very second of the sign-in', { ...fine, passwordSetAt: SIGNED_IN + 999 }, true],
    ['got a password later', { ...fine, passwordSetAt: SIGNED_IN + 1_000 }, false],
    ['is disabled', { ...fine, enabled: false }, false],
    ['has a not-before of that second', { ...fine, notBefore: SIGNED_IN }, true],
    ['has a later not-before', { ...fine, notBefore: SIGNED_IN + 1_000 }, false],
    ['is gone', undefined, false],
  ] as const)
    it(`${counts ? 'says yes' : 'says no'} when it ${what}`, async () => {
      const events = fakeKeycloakEvents(() => SIGNED_IN)
      if (standing !== undefined) events.people.set('alice', standing)
      expect(await createAskStanding(events, silentLog)('alice', SIGNED_IN)).to.equal(counts)
    })

  it('changes nothing when it cannot be asked, and that is said once', async () => {
    const events = fakeKeycloakEvents(() => SIGNED_IN)
    events.failure = new Error('away')
    let warnings = 0
    const ask = createAskStanding(events, { ...silentLog, warn: () => void warnings++ })
    expect([await ask('alice', SIGNED_IN), await ask('bob', SIGNED_IN), warnings]).to.deep.equal([true, true, 1])
  })
})

describe('A bearer token', () => {
  const identity: BearerIdentity = {
    method: 'bearer',
    ...the.caller(),
    issuer: 'https://id.test',
    tenant: null,
    accessToken: 'canary',
  }
  const check = checkCutOffs({
    endedUntil: (subject) => (subject === identity.id ? SIGNED_IN : Number.NEGATIVE_INFINITY),
  })
  const token = (issuedAt: number, id = identity.id) => ({
    ...{ identity: { ...identity, id }, issuedAt, expiresAt: SIGNED_IN * 2, denialKey: 'key' },
  })

  it('is refused when it was issued until a cut-off', () => {
    for (const issuedAt of [0, SIGNED_IN / 1000 - 1, SIGNED_IN / 1000])
      expect(() => check(token(issuedAt)))
        .to.throw(GatewayError)
        .with.property('code', 'TOKEN_INVALID')
  })

  it('passes when it was issued later, or to somebody else', () => {
    expect(check(token(SIGNED_IN / 1000 + 1))).to.equal(undefined)
    expect(check(token(0, 'bob'))).to.equal(undefined)
  })
})
