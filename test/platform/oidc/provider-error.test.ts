import type { RequestListener } from 'node:http'
import { expect } from 'chai'
import * as client from 'openid-client'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { DependencyFailure } from '../../../src/platform/http/dependency-failure.ts'
import { isInvalidGrant, isUntrustedAnswer, providerError } from '../../../src/platform/oidc/provider-error.ts'
import { FAILURES, type FakeIssuer, guardedFetch, paths, startIssuer } from './fake-issuer.ts'

const json = (status: number, body: object, headers: Record<string, string> = {}): RequestListener => {
  return (_req, res) =>
    void res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' }

type Row = [what: string, answer: RequestListener, code: string, retry: boolean]
const ROWS: Row[] = [
  ['the grant is over', json(400, { error: 'invalid_grant' }), 'KEYCLOAK_REFUSED', false],
  ['our secret is wrong', json(401, { error: 'invalid_client' }), 'KEYCLOAK_REFUSED', false],
  ['our secret is wrong, with a challenge', json(401, {}, challenge), 'KEYCLOAK_REFUSED', false],
  ['we may not', json(403, { error: 'unauthorized_client' }), 'KEYCLOAK_REFUSED', false],
  ['we asked for what there is not', json(400, { error: 'invalid_scope' }), 'KEYCLOAK_REFUSED', false],
  ['it limits us', json(429, { error: 'slow_down' }), 'KEYCLOAK_UNAVAILABLE', true],
  ['it limits us without a word', (_req, res) => void res.writeHead(429).end(), 'KEYCLOAK_UNAVAILABLE', true],
  ['it failed and says so', json(500, { error: 'server_error' }), 'KEYCLOAK_UNAVAILABLE', true],
  ['it is starting', json(503, {}, { 'retry-after': '10' }), 'KEYCLOAK_UNAVAILABLE', true],
  ['a gateway before it is alone', (_req, res) => void res.writeHead(502).end('<h1>'), 'KEYCLOAK_UNAVAILABLE', true],
  ['no access token', json(200, { token_type: 'bearer' }), 'LOGIN_ANSWER_INVALID', false],
  ['a token of an unknown type', json(200, { access_token: 'a', token_type: 'mac' }), 'LOGIN_ANSWER_INVALID', false],
  [
    'a life that is no number',
    json(200, { access_token: 'a', token_type: 'bearer', expires_in: [] }),
    'LOGIN_ANSWER_INVALID',
    false,
  ],
  [
    'an ID token that is none',
    json(200, { access_token: 'a', token_type: 'bearer', id_token: 'x' }),
    'LOGIN_ANSWER_INVALID',
    false,
  ],
]
const NOT_AN_ANSWER = ['a 404', 'a redirect', 'an HTML page with 200', 'an empty answer']
for (const [what, answer] of Object.entries(FAILURES)) {
  const untrusted = NOT_AN_ANSWER.includes(what)
  ROWS.push([what, answer, untrusted ? 'LOGIN_ANSWER_INVALID' : 'KEYCLOAK_UNAVAILABLE', !untrusted])
}

describe('A failed call to the provider', () => {
  let issuer: FakeIssuer
  before(async () => {
    issuer = await startIssuer()
  })
  after(() => issuer.close())

  async function errorOf(answer: RequestListener): Promise<unknown> {
    issuer.on(paths.token, answer)
    const server = { issuer: issuer.issuer, token_endpoint: `${issuer.issuer}/token` }
    const config = new client.Configuration(server, 'cloakroom', 'secret')
    config[client.customFetch] = guardedFetch(100) as client.CustomFetch
    client.allowInsecureRequests(config)
    return client.refreshTokenGrant(config, 'canary-refresh-token').catch((error: unknown) => error)
  }

  for (const [what, answer, code, retry] of ROWS) {
    it(`because of ${what} is ${code}`, async () => {
      const thrown = await errorOf(answer)
      const error = providerError(thrown, 'refresh failed')
      expect(error.code, String(thrown)).to.equal(code)
      expect('Retry-After' in error.headers).to.equal(retry)
      expect(error.reason).to.match(/^refresh failed: ./)
      expect(error.reason).not.to.contain('canary')
      expect(error.cause).to.equal(thrown)
      expect(isInvalidGrant(thrown)).to.equal(what === 'the grant is over')
    })
  }

  it('stays what it was when it is classified already', () => {
    const error = new GatewayError('JWKS_UNAVAILABLE')
    expect(providerError(error, 'x')).to.equal(error)
  })

  it('is found in whatever a library wrapped around it', () => {
    const wrapped = new Error('a', { cause: new DependencyFailure('breaker-open', 'the breaker is open') })
    expect(providerError(wrapped, 'login failed').reason).to.equal('login failed: the breaker is open')
  })

  it('is an answer not to be trusted when nobody knows it', () => {
    for (const stranger of [new TypeError('x'), 'text', undefined])
      expect(providerError(stranger, 'login failed').code).to.equal('LOGIN_ANSWER_INVALID')
  })
})

describe('An answer that belongs to somebody else', () => {
  it('is told from a provider that is away', () => {
    expect(isUntrustedAnswer(new GatewayError('LOGIN_ANSWER_INVALID'))).to.equal(true)
    expect(isUntrustedAnswer(new GatewayError('JWKS_UNAVAILABLE'))).to.equal(false)
    expect(isUntrustedAnswer(new DependencyFailure('timeout', 'slow'))).to.equal(false)
    expect(isUntrustedAnswer(undefined)).to.equal(false)
  })
})
