import type { IncomingMessage } from 'node:http'
import { expect } from 'chai'
import { createBearerAuthenticator } from '../../../src/identity/bearer/bearer-authenticator.ts'
import { checkDenylist, type TokenCheck, type VerifiedToken } from '../../../src/identity/bearer/token-check.ts'
import type { BearerIdentity } from '../../../src/identity/identity.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { the } from '../../support/the.ts'

const identity: BearerIdentity = {
  method: 'bearer',
  ...the.caller(),
  issuer: 'https://id.test',
  tenant: null,
  accessToken: 'a.b.c',
}
const token: VerifiedToken = { identity, expiresAt: 0, issuedAt: 0, denialKey: 'key' }
const request = { headers: { authorization: 'Bearer a.b.c' } } as IncomingMessage

describe('What is asked about a verified token', () => {
  const authenticate = (checks: TokenCheck[], verify: () => VerifiedToken | Promise<VerifiedToken> = () => token) =>
    createBearerAuthenticator({ verify, checks })(request)

  it('is answered at once when every check can', () => {
    expect(authenticate([() => undefined, () => undefined])).to.equal(identity)
  })

  it('is asked in order, one after another, whether at once or later', async () => {
    const asked: string[] = []
    const checks: TokenCheck[] = [
      () => void asked.push('first'),
      async () => void asked.push('second'),
      () => void asked.push('third'),
      async () => void asked.push('fourth'),
    ]
    expect(await authenticate(checks, async () => token)).to.equal(identity)
    expect(asked).to.deep.equal(['first', 'second', 'third', 'fourth'])
  })

  it('ends with the first that refuses', async () => {
    let asked = false
    const after: TokenCheck = () => {
      asked = true
    }
    const refuse = () => {
      throw new GatewayError('TOKEN_INVALID')
    }
    expect(() => authenticate([refuse, after])).to.throw(GatewayError)
    const later = await Promise.resolve(authenticate([async () => refuse(), after])).catch((error: unknown) => error)
    expect(later).to.be.instanceOf(GatewayError)
    expect(asked).to.equal(false)
  })

  it('is, of the denylist, whether the token is on it', async () => {
    const check = (isDenied: (key: string) => boolean | Promise<boolean>) => checkDenylist({ isDenied })
    expect(check(() => false)(token)).to.equal(undefined)
    expect(() => check((key) => key === 'key')(token)).to.throw(GatewayError, 'not valid')
    await check(async () => false)(token)
    const refused = await Promise.resolve(check(async () => true)(token)).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(GatewayError)
  })
})
