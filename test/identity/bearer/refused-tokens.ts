import { breakSignature, forgeJwt, newSigningKey, publicPem, type SigningKey } from '../../support/jwt-forge.ts'
import type { TokenScript } from '../../support/provider-script.ts'

/** A token that must be refused; `evil` is a server of an attacker, which must never hear of it. */
export interface RefusedToken {
  what: string
  token: (good: string, tools: Tools) => string | Promise<string>
}

export interface Tools {
  key: SigningKey
  issuer: string
  evil: string
  make: (changes: Partial<TokenScript>) => string
}

export const header =
  (changes: Record<string, unknown>): RefusedToken['token'] =>
  (_good, { make }) =>
    make({ header: changes })
export const claims =
  (changes: Record<string, unknown>): RefusedToken['token'] =>
  (_good, { make }) =>
    make({ claims: changes })
export const payload =
  (member: string, text: string): RefusedToken['token'] =>
  (_good, { make }) =>
    make({ payload: (all) => JSON.stringify({ ...all, [member]: 'HERE' }).replace('"HERE"', text) })

/** RFC 8725 sections 3.1 and 3.2: the algorithm is the gateway's choice. */
export const algorithms: RefusedToken[] = [
  ...['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => [
    {
      what: `alg "${alg}" without a signature`,
      token: (_: string, { make }: Tools) => make({ header: { alg }, sign: { alg: 'none' } }),
    },
    { what: `alg "${alg}" with the good signature`, token: header({ alg }) },
  ]),
  ...['HS256', 'HS384', 'HS512'].flatMap((alg) =>
    [
      ['PEM', (key: SigningKey) => publicPem(key)],
      ['trimmed PEM', (key: SigningKey) => publicPem(key).trim()],
      ['JWK', (key: SigningKey) => JSON.stringify(key.publicJwk)],
      ['modulus', (key: SigningKey) => String(key.publicJwk.n)],
      ['nothing', () => ''],
    ].map(([what, secret]) => ({
      what: `${alg} with the ${what} of the public key as secret`,
      token: (_: string, { key, make }: Tools) =>
        make({ header: { alg }, sign: { alg, key: (secret as (key: SigningKey) => string)(key) } }),
    })),
  ),
  ...['RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) => ({
    what: `${alg}, rightly signed with the right key`,
    token: (_: string, { key, make }: Tools) => make({ header: { alg }, sign: { alg, key: key.privateKey } }),
  })),
  ...['ES256', 'ES256K', 'EdDSA', 'RS1', 'rs256', 'RSA-OAEP', 'dir'].map((alg) => ({
    what: `alg ${alg}`,
    token: header({ alg }),
  })),
  ...[undefined, null, 5, true, ['RS256'], { alg: 'RS256' }].map((alg) => ({
    what: `alg ${JSON.stringify(alg) ?? 'missing'}`,
    token: header({ alg }),
  })),
]

/** RFC 8725 section 3.10: keys come from the configured key set. */
export const keys: RefusedToken[] = [
  ...['jku', 'x5u'].map((name) => ({
    what: `${name} that points elsewhere, signed with a key from there`,
    async token(_: string, { make, evil }: Tools) {
      const key = await newSigningKey()
      return make({ header: { [name]: `${evil}/keys`, kid: key.kid }, sign: { alg: 'RS256', key: key.privateKey } })
    },
  })),
  {
    what: 'jwk in its own header',
    async token(_, { make }) {
      const key = await newSigningKey()
      return make({ header: { jwk: key.publicJwk, kid: undefined }, sign: { alg: 'RS256', key: key.privateKey } })
    },
  },
  {
    what: 'x5c in its own header',
    async token(_, { make }) {
      const key = await newSigningKey()
      return make({ header: { x5c: [publicPem(key)] }, sign: { alg: 'RS256', key: key.privateKey } })
    },
  },
  {
    what: 'a key of someone else under the good kid',
    token: async (_, { make }) => make({ sign: { alg: 'RS256', key: (await newSigningKey()).privateKey } }),
  },
  ...[
    '../../etc/passwd',
    "' OR 1=1 --",
    '__proto__',
    'constructor',
    'x'.repeat(3_000),
    'ключ',
    'a\r\nX-Admin: 1',
    '\u0000',
    '',
    0,
    null,
    ['first'],
    { a: 1 },
  ].map((kid) => ({ what: `kid ${JSON.stringify(kid).slice(0, 30)}`, token: header({ kid }) })),
]

/** What is no plain JWS of ours. */
export const shapes: RefusedToken[] = [
  { what: 'one bit of the signature turned', token: breakSignature },
  {
    what: 'another payload under the same signature',
    token: (good) => good.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"admin"}').toString('base64url')}.`),
  },
  { what: 'no signature', token: (good) => `${good.split('.').slice(0, 2).join('.')}.` },
  { what: 'two parts', token: (good) => good.split('.').slice(0, 2).join('.') },
  { what: 'four parts', token: (good) => `${good}.x` },
  { what: 'five parts', token: (good) => `${good}.x.y` },
  { what: 'padding', token: (good) => `${good}==` },
  { what: 'a plus sign', token: (good) => good.replace(/.$/, '+') },
  { what: 'dots alone', token: () => '..' },
  { what: 'an opaque text', token: () => '2YotnFZFEjr1zCsicMWpAA' },
  { what: 'an unknown crit', token: header({ crit: ['secret'], secret: 1 }) },
  { what: 'an empty crit', token: header({ crit: [] }) },
  { what: 'b64 false', token: header({ crit: ['b64'], b64: false }) },
  { what: 'zip', token: header({ zip: 'DEF', crit: ['zip'] }) },
  { what: 'enc', token: header({ alg: 'RSA-OAEP', enc: 'A256GCM' }) },
  {
    what: 'a header that is a list',
    token: (_, { key }) => forgeJwt({ header: [] as never, payload: {}, alg: 'RS256', key: key.privateKey }),
  },
  { what: 'a payload that is a list', token: (_, { make }) => make({ payload: () => '[]' }) },
  { what: 'a payload that is null', token: (_, { make }) => make({ payload: () => 'null' }) },
  { what: 'a payload that is a text', token: (_, { make }) => make({ payload: () => '"admin"' }) },
  { what: 'a payload that is empty', token: (_, { make }) => make({ payload: () => ' ' }) },
  { what: 'a payload that is no JSON', token: (_, { make }) => make({ payload: () => '{"sub":' }) },
  { what: 'more than 8 KiB', token: claims({ long: 'x'.repeat(7_000) }) },
  {
    what: 'a JWT in a JWT',
    token: (good, { key }) =>
      forgeJwt({
        header: { alg: 'RS256', cty: 'JWT', kid: key.kid },
        payload: JSON.stringify(good),
        alg: 'RS256',
        key: key.privateKey,
      }),
  },
]
