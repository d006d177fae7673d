import type { IncomingMessage } from 'node:http'
import type { BearerIdentity } from '../identity.ts'
import type { TokenCheck, VerifiedToken } from './token-check.ts'
import { tokenRefused } from './token-refused.ts'

export interface BearerAuthenticator {
  readonly method: 'bearer'
  (req: IncomingMessage): BearerIdentity | undefined | Promise<BearerIdentity>
  /** Whether a token still holds; throws as for a request that brings it. */
  confirm(token: string): BearerIdentity | Promise<BearerIdentity>
}

export interface BearerAuthenticatorParts {
  verify: (token: string) => VerifiedToken | Promise<VerifiedToken>
  /** Asked in this order about every verified token; each may refuse it by throwing. */
  checks: readonly TokenCheck[]
}

const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i

/** The caller behind `Authorization: Bearer` (RFC 6750 section 2.1); any other scheme is a refusal, not a miss. */
export function createBearerAuthenticator({ verify, checks }: BearerAuthenticatorParts): BearerAuthenticator {
  /** Stays synchronous for as long as the checks do: this is the hot path. */
  function admit(token: VerifiedToken, from = 0): BearerIdentity | Promise<BearerIdentity> {
    for (let at = from; at < checks.length; at++) {
      const pending = checks[at]?.(token)
      if (pending instanceof Promise) return pending.then(() => admit(token, at + 1))
    }
    return token.identity
  }

  function confirm(text: string): BearerIdentity | Promise<BearerIdentity> {
    const token = verify(text)
    return token instanceof Promise ? token.then((verified) => admit(verified)) : admit(token)
  }

  function authenticate(req: IncomingMessage): BearerIdentity | undefined | Promise<BearerIdentity> {
    const { authorization } = req.headers
    if (authorization === undefined) return undefined
    const text = BEARER.exec(authorization)?.[1]
    if (text === undefined) throw tokenRefused('TOKEN_INVALID', 'not one bearer token')
    return confirm(text)
  }
  return Object.assign(authenticate, { method: 'bearer' as const, confirm })
}
