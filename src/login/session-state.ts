import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import type { StoredSession } from '../identity/session/session.ts'
import { success } from '../platform/errors/envelope.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextOf } from '../platform/observability/request-context.ts'

/** `GET /session`: how long the session lives; asking does not prolong it, and nobody is redirected. */
export function sessionState(
  currentSession: (req: IncomingMessage) => Promise<StoredSession | undefined>,
  loginUrl: string,
): RequestHandler {
  return async function sessionState(req, res) {
    const session = req.headers.authorization === undefined ? await currentSession(req) : undefined
    if (session === undefined) throw new GatewayError('AUTHENTICATION_REQUIRED', { details: { loginUrl } })
    const { record, idleExpiresAt } = session
    const data = {
      active: true,
      idleExpiresAt: new Date(Math.min(idleExpiresAt, record.absoluteExpiresAt)).toISOString(),
      absoluteExpiresAt: new Date(record.absoluteExpiresAt).toISOString(),
      stepUp: {
        acr: record.caller.acr,
        authenticatedAt: record.caller.authTime === null ? null : new Date(record.caller.authTime * 1000).toISOString(),
      },
    }
    res.setHeader('Cache-Control', 'no-store')
    res.json(success(data, 'The session is active', contextOf(req).requestId))
  }
}
