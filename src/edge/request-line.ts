import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../platform/errors/gateway-error.ts'

/** Nothing here answers them, but they are standard methods, so 405 and not 501 (RFC 9110 section 9.1). */
const NEVER_ALLOWED = ['TRACE', 'CONNECT', 'QUERY']
const KNOWN = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Refuses what no route could mean: odd methods, unavailable upgrades, unknown expectations, headers that may come only once.
 * @param upgrading the connection is about to become a WebSocket
 */
export function checkRequestLine(req: IncomingMessage, upgrading = false): void {
  const { method = '', headers, rawHeaders } = req
  if (req.httpVersionMajor !== 1) throw new GatewayError('INVALID_REQUEST', { reason: `HTTP/${req.httpVersion}` })
  if (!KNOWN.has(method)) {
    if (NEVER_ALLOWED.includes(method))
      throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: [...KNOWN].join(', ') } })
    throw new GatewayError('METHOD_NOT_IMPLEMENTED')
  }
  let hosts = 0
  let authorizations = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations++
  }
  // Node keeps the first of them in silence; another hop might believe the second (RFC 9112 section 3.2).
  if (hosts === 0 && req.httpVersionMinor > 0) throw new GatewayError('INVALID_REQUEST', { reason: 'no Host header' })
  if (hosts > 1) throw new GatewayError('INVALID_REQUEST', { reason: 'more than one Host header' })
  if (authorizations > 1) throw new GatewayError('INVALID_REQUEST', { reason: 'more than one Authorization header' })
  if (req.httpVersionMinor === 0 && headers['transfer-encoding'] !== undefined) {
    throw new GatewayError('INVALID_REQUEST', { reason: 'Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1)' })
  }
  const { upgrade, expect } = headers
  // In HTTP/1.0 an expectation means nothing (RFC 9110 section 10.1.1).
  if (expect !== undefined && req.httpVersionMinor > 0 && expect.toLowerCase() !== '100-continue')
    throw new GatewayError('EXPECTATION_FAILED')
  if (upgrade !== undefined && !upgrading && /(^|,)\s*websocket\s*(\/[^,]*)?(,|$)/i.test(upgrade))
    throw new GatewayError('WEBSOCKET_UNAVAILABLE')
}
