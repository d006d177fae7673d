import type { IncomingMessage } from 'node:http'
import { answerOn } from './parser-errors.ts'

const IGNORED = Symbol('an upgrade that is not followed')

/**
 * Whether a request that asks for another protocol may leave HTTP, for node:http's `shouldUpgradeCallback`. Only a clean
 * request for a WebSocket may: whatever else there is stays an ordinary request, whose `Upgrade` is ignored or refused. Nor
 * does a request leave while an earlier one on its connection is being answered, or the two answers would mix.
 */
export function acceptsUpgrade(req: IncomingMessage): boolean {
  const accepts = isCleanWebSocket(req)
  if (!accepts) Object.defineProperty(req, IGNORED, { value: true })
  return accepts
}

/** Whether the parser saw an upgrade that is not followed: it reads nothing more from this connection. */
export function ignoredUpgrade(req: IncomingMessage): boolean {
  return IGNORED in req
}

function isCleanWebSocket(req: IncomingMessage): boolean {
  const { method, headers, httpVersionMajor, httpVersionMinor } = req
  return (
    headers.upgrade?.trim().toLowerCase() === 'websocket' &&
    method === 'GET' &&
    httpVersionMajor === 1 &&
    httpVersionMinor > 0 &&
    headers['transfer-encoding'] === undefined &&
    (headers['content-length'] ?? '0') === '0' &&
    !answerOn(req.socket)
  )
}
