import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { createLocalJWKSet } from 'jose'
import { GatewayError, unavailable } from '../../../src/platform/errors/gateway-error.ts'
import type { KeySet } from '../../../src/platform/oidc/key-set.ts'
import { createVerifyIdToken } from '../../../src/platform/oidc/verify-id-token.ts'
import { breakSignature, forgeJwt, newSigningKey, publicPem, type SigningKey } from '../../support/jwt-forge.ts'
import { testClock } from '../../support/test-clock.ts'
import { providerOf } from './fake-issuer.ts'

const ISSUER = 'https://id.test/realms/demo'
const clock = testClock(Date.UTC(2030, 0, 1))
const now = clock.now() / 1000
const ACCESS_TOKEN = 'the-access-token'
const claims = {
  iss: ISSUER,
  sub: 'user-1',
  aud: 'cloakroom',
  exp: now + 300,
  iat: now,
  nonce: 'the-nonce',
  typ: 'ID',
  azp: 'cloakroom',
}
const halfHash = (text: string, hash: string) => {
  const digest = createHash(hash).update(text).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

describe('An ID token', () => {
  let key: SigningKey
  let stranger: SigningKey
  let ec: SigningKey
  before(async () => {
    ;[key, stranger, ec] = await Promise.all([
      newSigningKey('RS256', 'k1'),
      newSigningKey('RS256', 'k1'),
      newSigningKey('ES256', 'e1'),
    ])
  })

  const keySetOf = (...keys: SigningKey[]): KeySet =>
    Object.assign(createLocalJWKSet({ keys: keys.map(({ publicJwk }) => publicJwk) }), {
      warmUp: async () => undefined,
    })
  const signed = (payload: unknown, header: object = {}, by = key) =>
    forgeJwt({ header: { alg: by.alg, kid: by.kid, typ: 'JWT', ...header }, payload, alg: by.alg, key: by.privateKey })
  const login = { accessToken: ACCESS_TOKEN, nonce: 'the-nonce' }

  async function outcome(token: string, expected: object = login, keySet = keySetOf(key, ec), alg = 'RS256') {
    const verify = createVerifyIdToken(providerOf(ISSUER, { idTokenAlg: alg }), keySet, clock)
    try {
      return (await verify(token, { accessToken: ACCESS_TOKEN, ...expected })).sub
    } catch (error) {
      if (error instanceof GatewayError) return error.code
      throw error
    }
  }

  it('as Keycloak writes it is good', async () => {
    expect(await outcome(signed(claims))).to.equal('user-1')
    expect(await outcome(signed({ ...claims, aud: ['cloakroom'] }))).to.equal('user-1')
    const { azp: _azp, typ: _typ, ...plain } = claims
    expect(await outcome(signed(plain))).to.equal('user-1')
    expect(await outcome(signed({ ...claims, aud: ['cloakroom', 'other'] }))).to.equal('user-1')
    expect(await outcome(signed({ ...claims, exp: now - 29 })), 'clock difference').to.equal('user-1')
    expect(await outcome(signed({ ...claims, iat: now + 29 })), 'clock difference').to.equal('user-1')
  })

  const without = (name: keyof typeof claims) => {
    const { [name]: _gone, ...rest } = claims
    return rest
  }
  const REFUSED: [what: string, payload: unknown][] = [
    ['without iss', without('iss')],
    ['of another issuer', { ...claims, iss: 'https://evil.test' }],
    ['of an issuer with a slash more', { ...claims, iss: `${ISSUER}/` }],
    ['of an issuer in capitals', { ...claims, iss: ISSUER.toUpperCase() }],
    ['of several issuers', { ...claims, iss: [ISSUER] }],
    ['without sub', without('sub')],
    ['with an empty sub', { ...claims, sub: '' }],
    ['with a sub that is a number', { ...claims, sub: 7 }],
    ['with a sub without end', { ...claims, sub: 'x'.repeat(256) }],
    ['without aud', without('aud')],
    ['for somebody else', { ...claims, aud: 'other' }],
    ['for somebody with a similar name', { ...claims, aud: 'cloakroom2' }],
    ['for nobody', { ...claims, aud: [] }],
    ['with an aud that is an object', { ...claims, aud: { cloakroom: true } }],
    ['with an aud that is a number', { ...claims, aud: 7 }],
    ['for several, without azp', { ...without('azp'), aud: ['cloakroom', 'other'] }],
    ['for several, with another azp', { ...claims, aud: ['cloakroom', 'other'], azp: 'other' }],
    ['for us, with another azp', { ...claims, azp: 'other' }],
    ['with an azp that is a list', { ...claims, azp: ['cloakroom'] }],
    ['without exp', without('exp')],
    ['that is over', { ...claims, exp: now - 31 }],
    ['with an exp that is a text', { ...claims, exp: String(now + 300) }],
    ['with an exp beyond all numbers', `{"iss":"${ISSUER}","sub":"u","aud":"cloakroom","iat":${now},"exp":1e400}`],
    ['without iat', without('iat')],
    ['from the future', { ...claims, iat: now + 31 }],
    ['with an iat that is a text', { ...claims, iat: String(now) }],
    ['that is not yet valid', { ...claims, nbf: now + 60 }],
    ['that is an access token', { ...claims, typ: 'Bearer' }],
    ['that is a refresh token', { ...claims, typ: 'Refresh' }],
    ['that is a logout token', { ...claims, typ: 'Logout' }],
    ['without nonce', without('nonce')],
    ['with the nonce of another login', { ...claims, nonce: 'other' }],
    ['with a nonce that is a list', { ...claims, nonce: ['the-nonce'] }],
    ['that belongs to another access token', { ...claims, at_hash: halfHash('other', 'sha256') }],
    ['with an at_hash of another length', { ...claims, at_hash: halfHash(ACCESS_TOKEN, 'sha512') }],
    ['with an at_hash that is no text', { ...claims, at_hash: null }],
    ['that is a list', [claims]],
    ['that is a text', '"text"'],
    ['that is not JSON', '{"iss":'],
  ]
  for (const [what, payload] of REFUSED) {
    it(`${what} is refused`, async () => expect(await outcome(signed(payload))).to.equal('LOGIN_ANSWER_INVALID'))
  }

  const FORGED: [what: string, make: () => string][] = [
    ['with one bit of its signature turned', () => breakSignature(signed(claims))],
    ['without a signature', () => signed(claims).replace(/[^.]+$/, '')],
    ['of alg none', () => forgeJwt({ header: { alg: 'none' }, payload: claims, alg: 'none' })],
    ['of alg none, signed', () => signed(claims, { alg: 'none' })],
    ['of alg NONE', () => forgeJwt({ header: { alg: 'NONE', kid: 'k1' }, payload: claims, alg: 'none' })],
    ['signed with our secret', () => hmac('the-secret-of-these-tests')],
    ['signed with the public key as a secret', () => hmac(publicPem(key))],
    ['of another good algorithm than the configured one', () => signed(claims, {}, ec)],
    ['that lies about its algorithm', () => signed(claims, { alg: 'PS256' })],
    ['by a stranger with the same key id', () => signed(claims, {}, stranger)],
    ['by an unknown key', () => signed(claims, { kid: 'k9' })],
    ['that brings its own key', () => signed(claims, { jwk: stranger.publicJwk, kid: undefined }, stranger)],
    ['with a critical header nobody knows', () => signed(claims, { crit: ['exp2'], exp2: 1 })],
    ['that is encrypted', () => `${Buffer.from('{"alg":"RSA-OAEP","enc":"A256GCM"}').toString('base64url')}.a.b.c.d`],
    ['that is empty', () => ''],
    ['with four parts', () => `${signed(claims)}.x`],
  ]
  const hmac = (secret: string) =>
    forgeJwt({ header: { alg: 'HS256', kid: 'k1' }, payload: claims, alg: 'HS256', key: secret })
  for (const [what, make] of FORGED) {
    it(`${what} is refused`, async () => expect(await outcome(make())).to.equal('LOGIN_ANSWER_INVALID'))
  }

  it('without a key id is tried with every key that fits', async () => {
    const others = await Promise.all([newSigningKey('RS256', 'a'), newSigningKey('RS256', 'b')])
    const token = signed(claims, { kid: undefined })
    expect(await outcome(token, login, keySetOf(...others, key))).to.equal('user-1')
    expect(await outcome(token, login, keySetOf(...others))).to.equal('LOGIN_ANSWER_INVALID')
  })

  it('may carry the hash of its access token, for each algorithm in its own length', async () => {
    for (const [alg, hash] of Object.entries({ RS256: 'sha256', PS384: 'sha384', ES512: 'sha512', EdDSA: 'sha512' })) {
      const own = await newSigningKey(alg, 'own')
      const token = signed({ ...claims, at_hash: halfHash(ACCESS_TOKEN, hash) }, {}, own)
      expect(await outcome(token, login, keySetOf(own), alg), alg).to.equal('user-1')
    }
  })

  it('after a refresh must be of the same person, and needs no nonce', async () => {
    expect(await outcome(signed(without('nonce')), { nonce: undefined, subject: 'user-1' })).to.equal('user-1')
    expect(await outcome(signed(claims), { nonce: undefined, subject: 'user-2' })).to.equal('LOGIN_ANSWER_INVALID')
  })

  it('cannot be judged without keys: that is 503, not a bad token', async () => {
    const away = () => Promise.reject(unavailable('JWKS_UNAVAILABLE', 'away'))
    const keySet = Object.assign(away, { warmUp: away }) as unknown as KeySet
    expect(await outcome(signed(claims), login, keySet)).to.equal('JWKS_UNAVAILABLE')
  })
})
