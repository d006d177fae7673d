import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { ClientAuth } from 'openid-client'
import { createClientAuth } from '../../../src/platform/oidc/client-auth.ts'
import { providerOf } from './fake-issuer.ts'

const server = { issuer: 'https://id.test', token_endpoint: 'https://id.test/token' }

/** What a way of proving oneself writes into a token request. */
async function applied(auth: ClientAuth) {
  const body = new URLSearchParams()
  const headers = new Headers()
  await auth(server as never, { client_id: 'cloakroom' } as never, body, headers)
  return { body, headers }
}

describe('How the gateway proves itself to the provider', () => {
  const provider = providerOf('https://id.test')

  it('by its secret in the header', async () => {
    const { body, headers } = await applied(await createClientAuth(provider)())
    expect(headers.get('authorization')).to.match(/^Basic /)
    const [id, secret] = atob(headers.get('authorization')?.slice(6) ?? '')
      .split(':')
      .map(decodeURIComponent)
    expect([id, secret]).to.deep.equal(['cloakroom', 'the-secret-of-these-tests'])
    expect(body.has('client_secret')).to.equal(false)
  })

  it('by its secret in the body', async () => {
    const { body, headers } = await applied(await createClientAuth({ ...provider, clientAuth: 'client_secret_post' })())
    expect(body.get('client_secret')).to.equal('the-secret-of-these-tests')
    expect(headers.has('authorization')).to.equal(false)
  })

  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const KEYS: [what: string, text: string, alg: string, kid: string | undefined][] = [
    ['an RSA key in PEM', rsa.export(pkcs8), 'RS256', undefined],
    ['an RSA key in the older PEM', rsa.export({ type: 'pkcs1', format: 'pem' }), 'RS256', undefined],
    [
      'an EC key in PEM',
      generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export(pkcs8),
      'ES384',
      undefined,
    ],
    ['an Ed25519 key in PEM', generateKeyPairSync('ed25519').privateKey.export(pkcs8), 'EdDSA', undefined],
    ['a JWK', jwk({}), 'RS256', undefined],
    ['a JWK with its id and algorithm', jwk({ kid: 'our-key', alg: 'PS256' }), 'PS256', 'our-key'],
  ].map((row) => row.map((item) => (item === undefined ? item : String(item))) as never)
  for (const [what, clientKey, alg, kid] of KEYS) {
    it(`by a token signed with ${what}`, async () => {
      const auth = await createClientAuth({ ...provider, clientAuth: 'private_key_jwt', clientKey })()
      const { body, headers } = await applied(auth)
      const assertion = body.get('client_assertion') ?? ''
      expect(decodeJwt(assertion)).to.include({ iss: 'cloakroom', sub: 'cloakroom' })
      const header = decodeProtectedHeader(assertion)
      expect(header.alg === 'Ed25519' ? 'EdDSA' : header.alg).to.equal(alg)
      expect(header.kid).to.equal(kid)
      expect(headers.has('authorization')).to.equal(false)
    })
  }

  function jwk(more: object): string {
    return JSON.stringify({ ...rsa.export({ format: 'jwk' }), ...more })
  }
})
