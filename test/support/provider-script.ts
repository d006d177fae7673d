import type { JWK } from 'jose'
import type { SigningKey } from './jwt-forge.ts'
import { type Person, the } from './the.ts'

export type Endpoint =
  | 'discovery'
  | 'jwks'
  | 'authorize'
  | 'par'
  | 'token'
  | 'userinfo'
  | 'introspect'
  | 'revoke'
  | 'end-session'

/** One call that reached the provider. */
export interface Call {
  readonly endpoint: Endpoint
  readonly method: string
  /** Path and query as they came. */
  readonly target: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** An answer instead of the usual one; `hang-up` closes the connection. */
export type Reply =
  | 'hang-up'
  | { status?: number; headers?: Record<string, string>; body?: string | Record<string, unknown> }

/** How one kind of token differs from a good one. */
export interface TokenScript {
  header: Record<string, unknown>
  /** Laid over the usual claims; `undefined` takes one away. A function sees them all. */
  claims: Record<string, unknown> | ((claims: Record<string, unknown>) => unknown)
  /** The very text of the payload, for what JSON.stringify would not write. */
  payload: ((claims: Record<string, unknown>) => string) | undefined
  /** Signs in another way, whatever the header says. */
  sign: { alg: string; key?: SigningKey['privateKey'] | string } | undefined
  /** Has the last word on the compact text. */
  text: (token: string) => string
}

/** Everything a test may change about the provider; `provider.reset()` brings back the good one. */
export interface ProviderScript {
  person: Person
  /** The SSO session people sign in to. */
  sid: string | undefined
  acr: string
  scope: string
  idToken: TokenScript
  accessToken: TokenScript
  /** Seconds; undefined leaves `expires_in` out of the answer. */
  expiresIn: number | undefined
  /** What the token endpoint sends, for any grant. */
  tokenAnswer: (answer: Record<string, unknown>, grantType: string) => unknown
  refresh: {
    /** A new refresh token each time; false sends none, and the old one stays good. */
    rotate: boolean
    /** How often a used refresh token is forgiven. */
    reuse: number
    idToken: boolean
    claims: Record<string, unknown>
  }
  /** `iss` in the authorization answer: sent as metadata promises, left out, or another one. */
  iss: 'right' | 'left out' | { wrong: string }
  advertiseIss: boolean
  /** Changes the answer that the browser carries back. */
  authorize: (answer: URLSearchParams, request: URLSearchParams) => void
  /** Shows a page of the provider's own first, as a real login does. */
  interactive: boolean
  discovery: (document: Record<string, unknown>) => unknown
  keySet: (keys: JWK[]) => unknown
  userinfo: (claims: Record<string, unknown>) => unknown
}

export function goodToken(): TokenScript {
  return { header: {}, claims: {}, payload: undefined, sign: undefined, text: (token) => token }
}

export function goodScript(): ProviderScript {
  return {
    person: the.alice(),
    sid: 'sso-of-the-browser',
    acr: '1',
    scope: the.scopes,
    idToken: goodToken(),
    accessToken: goodToken(),
    expiresIn: 300,
    tokenAnswer: (answer) => answer,
    refresh: { rotate: true, reuse: 0, idToken: true, claims: {} },
    iss: 'right',
    advertiseIss: true,
    authorize: () => undefined,
    interactive: false,
    discovery: (document) => document,
    keySet: (keys) => ({ keys }),
    userinfo: (claims) => claims,
  }
}
