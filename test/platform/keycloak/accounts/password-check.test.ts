import { expect } from 'chai'
import * as client from 'openid-client'
import { GatewayError } from '../../../../src/platform/errors/gateway-error.ts'
import { createPasswordCheck } from '../../../../src/platform/keycloak/accounts/password-check.ts'

const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`
const proof = { username: 'alice', password: 'p&ss wörd', otp: '123456' }
const NOW = 1_800_000_000_000

function start(answer: () => Response, endSession: (sid: string) => Promise<unknown> = async () => undefined) {
  const asked: { body: URLSearchParams; authorization: string | null }[] = []
  const server = { issuer: 'https://id.test', token_endpoint: 'https://id.test/token' }
  const check = createPasswordCheck({
    config: { clientId: 'passwords', clientSecret: 'of its own' },
    configuration: async () => new client.Configuration(server, 'cloakroom'),
    async fetch(_url, { body, headers }) {
      asked.push({ body: new URLSearchParams(String(body)), authorization: new Headers(headers).get('authorization') })
      return answer()
    },
    endSession,
    now: () => NOW,
  })
  return { check, asked }
}

const refused = (status: number, error: string, error_description: string) => () =>
  Response.json({ error, error_description }, { status })
const outcome = (asked: Promise<unknown>) =>
  asked.catch((error: unknown) => (error instanceof GatewayError ? error.code : String(error)))

describe('The check of a password', () => {
  it('asks with the client that is for nothing else, and ends the session that comes of it', async () => {
    const ended: string[] = []
    const body = { access_token: token({ iat: 1_790_000_000 }), token_type: 'Bearer', session_state: 'sid-1' }
    const { check, asked } = start(
      () => Response.json(body),
      async (sid) => void ended.push(sid),
    )
    expect(await check(proof)).to.equal(1_790_000_000_000)
    expect(ended).to.deep.equal(['sid-1'])
    expect(Object.fromEntries(asked[0]?.body ?? [])).to.deep.equal({
      ...{ grant_type: 'password', username: 'alice', password: 'p&ss wörd', totp: '123456' },
    })
    expect(asked[0]?.authorization).to.match(/^Basic /)
  })

  it('holds although that session cannot be ended', async () => {
    const body = { access_token: 'opaque', token_type: 'Bearer', session_state: 'sid-1' }
    const { check } = start(
      () => Response.json(body),
      async () => {
        throw new Error('nobody answers')
      },
    )
    expect(await check(proof)).to.equal(NOW)
  })

  for (const [what, answer, expected] of [
    ['a wrong password', refused(400, 'invalid_grant', 'Invalid user credentials'), 'PASSWORD_WRONG'],
    ['a disabled account', refused(400, 'invalid_grant', 'Account disabled'), 'PASSWORD_WRONG'],
    [
      'the right one of an account with something to do',
      refused(400, 'invalid_grant', 'Account is not fully set up'),
      NOW,
    ],
    ['a client that may not ask', refused(400, 'unauthorized_client', 'x'), 'KEYCLOAK_REFUSED'],
    ['a client nobody knows', refused(401, 'invalid_client', 'x'), 'KEYCLOAK_REFUSED'],
    ['a provider in trouble', refused(500, 'unknown_error', 'x'), 'KEYCLOAK_UNAVAILABLE'],
    ['an answer that is none', () => new Response('<html>'), 'LOGIN_ANSWER_INVALID'],
  ] as const)
    it(`tells ${what}`, async () => {
      expect(await outcome(start(answer).check(proof))).to.equal(expected)
    })
})
