import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../../platform/errors/gateway-error.ts'

export interface SocketOriginParts {
  isAllowedOrigin: (origin: string) => boolean
  /** Whether the request carries the session cookie, alive or not: a refusal must not tell which. */
  hasSessionCookie: (req: IncomingMessage) => boolean
}

/**
 * No foreign page may open a WebSocket: browsers send the cookie along and, unlike for a fetch, ask nobody for leave
 * (RFC 6455 section 10.2). So an `Origin` must be the own or an allowed one, exactly, on every route; without one, which no
 * browser does, the cookie is not enough. Judged before identity.
 * @throws GatewayError ORIGIN_NOT_ALLOWED
 */
export function createSocketOriginCheck({ isAllowedOrigin, hasSessionCookie }: SocketOriginParts) {
  return function checkSocketOrigin(req: IncomingMessage, isPublic: boolean): void {
    const { origin, authorization } = req.headers
    if (origin !== undefined) {
      if (!isAllowedOrigin(origin)) refuse('a foreign Origin')
      return
    }
    if (!isPublic && authorization === undefined && hasSessionCookie(req)) refuse('a session cookie without an Origin')
  }
}

function refuse(reason: string): never {
  throw new GatewayError('ORIGIN_NOT_ALLOWED', { reason })
}
