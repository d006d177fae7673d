import { breakSignature, publicPem, type SigningKey } from '../support/jwt-forge.ts'
import { LOGOUT_EVENT, type LogoutTokenChanges } from '../support/logout-token.ts'
import type { ScriptedProvider } from '../support/scripted-provider.ts'

interface Given {
  provider: ScriptedProvider
  /** Milliseconds. */
  now: number
  stranger: SigningKey
  elliptic: SigningKey
}

const seconds = (now: number, more: number) => Math.floor(now / 1000) + more

/** Everything that may be wrong with a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
export const WRONG_LOGOUT_TOKENS: [what: string, changes: (given: Given) => LogoutTokenChanges][] = [
  ['a broken signature', () => ({ text: breakSignature })],
  ['no signature', () => ({ header: { alg: 'none' }, sign: { alg: 'none' } })],
  [
    'a signature with the public key as secret',
    ({ provider }) => ({ header: { alg: 'HS256' }, sign: { alg: 'HS256', key: publicPem(provider.key()) } }),
  ],
  [
    'another algorithm',
    ({ elliptic }) => ({
      header: { alg: 'ES256', kid: elliptic.kid },
      sign: { alg: 'ES256', key: elliptic.privateKey },
    }),
  ],
  ["a stranger's key", ({ stranger }) => ({ sign: { alg: 'RS256', key: stranger.privateKey } })],
  ['another type in the header', () => ({ header: { typ: 'at+jwt' } })],
  ['the type of an ID token', () => ({ claims: { typ: 'ID' } })],
  ...['iss', 'aud', 'iat', 'exp', 'jti', 'events'].map((name): [string, () => LogoutTokenChanges] => [
    `no ${name}`,
    () => ({ claims: { [name]: undefined } }),
  ]),
  ['another issuer', ({ provider }) => ({ claims: { iss: `${provider.issuer}/` } })],
  ['another audience', () => ({ claims: { aud: 'somebody' } })],
  ['an expiry in the past', ({ now }) => ({ claims: { exp: seconds(now, -60) } })],
  ['an expiry that is a text', () => ({ claims: { exp: '9999999999' } })],
  ['an issue that is a text', ({ now }) => ({ claims: { iat: String(seconds(now, 0)) } })],
  ['a sub that is no text', () => ({ claims: { sub: ['x'] } })],
  ['an event that is true', () => ({ claims: { events: { [LOGOUT_EVENT]: true } } })],
  ['events as a text', () => ({ claims: { events: LOGOUT_EVENT } })],
  ['an extension it does not know', () => ({ header: { crit: ['exp'] } })],
  ['five parts', () => ({ text: (text) => `${text}.a.b` })],
  ['a payload that is no object', () => ({ text: (text) => text.replace(/\.[^.]+\./, '.WzFd.') })],
  ['an issue in the future', ({ now }) => ({ claims: { iat: seconds(now, 120) } })],
  ['an issue an hour ago', ({ now }) => ({ claims: { iat: seconds(now, -3600) } })],
  ['a nonce', () => ({ claims: { nonce: 'x' } })],
  ['an empty nonce', () => ({ claims: { nonce: null } })],
  ['neither sub nor sid', () => ({ claims: { sub: undefined, sid: undefined } })],
  ['an empty sid', () => ({ claims: { sid: '' } })],
  ['a sid that is no text', () => ({ claims: { sid: { a: 1 } } })],
  ['a very long sid', () => ({ claims: { sid: 'x'.repeat(10_000) } })],
  ['a jti that is no text', () => ({ claims: { jti: 7 } })],
  ['events as a list', () => ({ claims: { events: [LOGOUT_EVENT] } })],
  ['another event', () => ({ claims: { events: { 'http://schemas.openid.net/event/other': {} } } })],
  ['an event that says nothing', () => ({ claims: { events: { [LOGOUT_EVENT]: null } } })],
]
