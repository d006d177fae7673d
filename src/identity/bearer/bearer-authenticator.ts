import type { IncomingMessage } from 'node:http'
import type { BearerIdentity } from '../identity.ts'
import { tokenRefused } from './token-refused.ts'

export interface BearerAuthenticator {
  readonly method: 'bearer'
  (req: IncomingMessage): BearerIdentity | undefined | Promise<BearerIdentity>
}

const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i

/** The caller behind `Authorization: Bearer` (RFC 6750 section 2.1); any other scheme is a refusal, not a miss. */
export function createBearerAuthenticator(
  verify: (token: string) => BearerIdentity | Promise<BearerIdentity>,
): BearerAuthenticator {
  function authenticate(req: IncomingMessage): BearerIdentity | undefined | Promise<BearerIdentity> {
    const { authorization } = req.headers
    if (authorization === undefined) return undefined
    const token = BEARER.exec(authorization)?.[1]
    if (token === undefined) throw tokenRefused('TOKEN_INVALID', 'not one bearer token')
    return verify(token)
  }
  return Object.assign(authenticate, { method: 'bearer' as const })
}
