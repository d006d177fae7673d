import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { readClientKey } from '../../../src/platform/config/client-key.ts'
import { ConfigError } from '../../../src/platform/config/config-error.ts'
import { loadConfig } from '../../../src/platform/config/load-config.ts'
import { least } from './config-of.ts'

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ed25519 = generateKeyPairSync('ed25519')
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey.export(pkcs8).toString()
const jwk = (more: object = {}) => JSON.stringify({ ...rsa.export({ format: 'jwk' }), ...more })

describe("The file with the client's private key", () => {
  const GOOD: [what: string, text: string, alg: string, kid: string | undefined][] = [
    ['RSA', rsa.export(pkcs8).toString(), 'RS256', undefined],
    ['RSA in the older format', rsa.export({ type: 'pkcs1', format: 'pem' }).toString(), 'RS256', undefined],
    ['P-256', ec('P-256'), 'ES256', undefined],
    ['P-384', ec('P-384'), 'ES384', undefined],
    ['P-521', ec('P-521'), 'ES512', undefined],
    ['Ed25519', ed25519.privateKey.export(pkcs8).toString(), 'EdDSA', undefined],
    ['a JWK', `\n  ${jwk()}`, 'RS256', undefined],
    ['a JWK with its own id and algorithm', jwk({ kid: 'our-key', alg: 'PS256' }), 'PS256', 'our-key'],
  ]
  for (const [what, text, alg, kid] of GOOD) {
    it(`may hold ${what}`, () => expect(readClientKey(text)).to.include({ alg, kid }))
  }

  const BAD: [what: string, text: string, says: RegExp][] = [
    ['nothing', '', /holds no private key/],
    ['a text', 'not a key', /holds no private key/],
    [
      'a public key',
      ed25519.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      /a public key is not enough/,
    ],
    ['a public JWK', JSON.stringify(ed25519.publicKey.export({ format: 'jwk' })), /a public key is not enough/],
    ['half a JWK', '{"kty":"RSA"}', /holds no private key/],
    ['a symmetric JWK', '{"kty":"oct","k":"c2VjcmV0"}', /holds no private key/],
    ['broken JSON', '{', /neither PEM nor a JWK/],
    [
      'a key for encryption',
      generateKeyPairSync('x25519').privateKey.export(pkcs8).toString(),
      /cannot sign \(x25519\)/,
    ],
    ['a curve nobody verifies', ec('secp256k1'), /cannot sign \(ec\); use RSA, P-256/],
    ['a JWK for encryption', jwk({ alg: 'RSA-OAEP' }), /cannot sign/],
  ]
  const { KEYCLOAK_CLIENT_SECRET: _secret, ...rest } = least
  const env = { ...rest, OIDC_CLIENT_AUTH: 'private_key_jwt', OIDC_CLIENT_KEY_FILE: '/run/key.pem' }
  const load = (text: string) =>
    loadConfig(env, (path) => {
      if (path === '/run/key.pem') return text
      throw Object.assign(new Error('absent'), { code: 'ENOENT' })
    })

  for (const [what, text, says] of BAD) {
    it(`stops the start with ${what}, not the first login`, () => {
      expect(() => load(text)).to.throw(ConfigError, says)
      expect(() => load(text)).to.throw(/OIDC_CLIENT_KEY_FILE: names \/run\/key\.pem, which .*\.$/)
    })
  }

  it('is kept as text for whoever signs with it', () => {
    const text = ec('P-256')
    expect(load(text).provider).to.include({ clientAuth: 'private_key_jwt', clientKey: text })
  })

  it('is never repeated in a message', () => {
    const broken = rsa.export(pkcs8).toString().replace('BEGIN PRIVATE', 'BEGIN BROKEN')
    expect(() => load(broken))
      .to.throw(ConfigError)
      .with.property('message')
      .that.not.contains(broken.slice(40, 80))
  })
})
