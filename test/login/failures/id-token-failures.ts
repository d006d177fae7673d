import { breakSignature, newSigningKey, publicPem } from '../../support/jwt-forge.ts'
import type { ScriptedProvider } from '../../support/scripted-provider.ts'
import { the } from '../../support/the.ts'
import { type Failure, UNTRUSTED } from './failure.ts'

const idClaims = (claims: Record<string, unknown>) => (provider: ScriptedProvider) => {
  provider.script.idToken.claims = claims
}
const idHeader = (header: Record<string, unknown>) => (provider: ScriptedProvider) => {
  provider.script.idToken.header = header
}
const idPayload = (member: string, text: string) => (provider: ScriptedProvider) => {
  provider.script.idToken.payload = (claims) => JSON.stringify({ ...claims, [member]: 'HERE' }).replace('"HERE"', text)
}
const now = () => Math.floor(Date.now() / 1000)

/** ID tokens that no login may be built on. */
export const idTokenFailures: Failure[] = [
  ...[
    ['iss', undefined],
    ['iss', 'https://evil.example'],
    ['iss', ''],
    ['iss', 5],
    ['iss', ['http://127.0.0.1']],
    ['aud', undefined],
    ['aud', 'another-client'],
    ['aud', ''],
    ['aud', []],
    ['aud', {}],
    ['aud', 7],
    ['aud', ['another-client']],
    ['aud', 'Cloakroom'],
    ['azp', 'another-client'],
    ['azp', ''],
    ['azp', 5],
    ['nonce', undefined],
    ['nonce', 'another-nonce'],
    ['nonce', ''],
    ['nonce', null],
    ['sub', undefined],
    ['sub', ''],
    ['sub', 5],
    ['sub', null],
    ['sub', 's'.repeat(256)],
    ['exp', undefined],
    ['exp', now() - 3_600],
    ['exp', 0],
    ['exp', -1],
    ['exp', String(now() + 300)],
    ['exp', null],
    ['iat', undefined],
    ['iat', now() + 86_400],
    ['iat', now() - 86_400],
    ['iat', -1],
    ['iat', String(now())],
    ['nbf', now() + 3_600],
    ['nbf', 'soon'],
    ['at_hash', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['at_hash', ''],
    ['at_hash', 5],
    ['typ', 'Bearer'],
    ['typ', 'Refresh'],
    ['typ', 'Logout'],
  ].map(([claim, value]) => ({
    what: `an ID token with ${claim} ${JSON.stringify(value)?.slice(0, 30) ?? 'missing'}`,
    arrange: idClaims({ [String(claim)]: value }),
    ...UNTRUSTED,
  })),
  { what: 'two audiences without azp', arrange: idClaims({ aud: ['cloakroom', 'x'], azp: undefined }), ...UNTRUSTED },
  { what: 'two audiences, another azp', arrange: idClaims({ aud: ['cloakroom', 'x'], azp: 'x' }), ...UNTRUSTED },
  { what: 'exp 1e400', arrange: idPayload('exp', '1e400'), ...UNTRUSTED },
  { what: 'iat 1e400', arrange: idPayload('iat', '1e400'), ...UNTRUSTED },
  { what: 'iat -1e400', arrange: idPayload('iat', '-1e400'), ...UNTRUSTED },
  { what: 'a crit header', arrange: idHeader({ crit: ['exp'], exp: 1 }), ...UNTRUSTED },
  { what: 'b64 false', arrange: idHeader({ crit: ['b64'], b64: false }), ...UNTRUSTED },
  { what: 'an unknown kid', arrange: idHeader({ kid: 'nobody-knows' }), ...UNTRUSTED },
  { what: 'alg missing', arrange: idHeader({ alg: undefined }), ...UNTRUSTED },
  { what: 'alg as a list', arrange: idHeader({ alg: ['RS256'] }), ...UNTRUSTED },
  { what: 'alg PS256 for an RS256 signature', arrange: idHeader({ alg: 'PS256' }), ...UNTRUSTED },
  { what: 'alg ES256 for an RS256 signature', arrange: idHeader({ alg: 'ES256' }), ...UNTRUSTED },
  { what: 'alg RS384 for an RS256 signature', arrange: idHeader({ alg: 'RS384' }), ...UNTRUSTED },
  ...['none', 'None', 'NONE', 'nOnE'].map((alg) => ({
    what: `alg ${alg} and no signature`,
    arrange(provider: ScriptedProvider) {
      provider.script.idToken.header = { alg }
      provider.script.idToken.sign = { alg: 'none' }
    },
    ...UNTRUSTED,
  })),
  ...['HS256', 'HS384', 'HS512'].flatMap((alg) => [
    {
      what: `${alg} with the client secret`,
      arrange(provider: ScriptedProvider) {
        provider.script.idToken.header = { alg }
        provider.script.idToken.sign = { alg, key: the.clientSecret }
      },
      ...UNTRUSTED,
    },
    {
      what: `${alg} with the public key`,
      arrange(provider: ScriptedProvider) {
        provider.script.idToken.header = { alg }
        provider.script.idToken.sign = { alg, key: publicPem(provider.key()) }
      },
      ...UNTRUSTED,
    },
  ]),
  {
    what: 'a signature by a key of someone else',
    async arrange(provider) {
      provider.script.idToken.sign = { alg: 'RS256', key: (await newSigningKey()).privateKey }
    },
    ...UNTRUSTED,
  },
  {
    what: 'a key in its own header',
    async arrange(provider) {
      const key = await newSigningKey()
      provider.script.idToken.header = { jwk: key.publicJwk, kid: key.kid }
      provider.script.idToken.sign = { alg: 'RS256', key: key.privateKey }
    },
    ...UNTRUSTED,
  },
  ...(
    [
      ['one bit of the signature turned', breakSignature],
      ['no signature', (token: string) => `${token.split('.').slice(0, 2).join('.')}.`],
      ['two parts', (token: string) => token.split('.').slice(0, 2).join('.')],
      ['five parts', (token: string) => `${token}.a.b`],
      ['not a JWT at all', () => 'canary-opaque'],
      ['an empty text', () => ''],
      ['a payload that is no JSON', (token: string) => token.replace(/\.[^.]+\./, '.bm90LWpzb24.')],
      ['padding', (token: string) => `${token}==`],
    ] as const
  ).map(([what, text]) => ({
    what: `an ID token with ${what}`,
    arrange(provider: ScriptedProvider) {
      provider.script.idToken.text = text
    },
    ...UNTRUSTED,
  })),
  {
    what: 'an access token instead of the ID token',
    arrange(provider) {
      provider.script.tokenAnswer = (answer) => ({ ...answer, id_token: answer.access_token })
    },
    ...UNTRUSTED,
  },
]
