import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { contextOf } from '../../platform/observability/request-context.ts'
import type { createResponseHeaders } from '../headers/response-headers.ts'

export interface RefusalParts {
  responseHeaders: ReturnType<typeof createResponseHeaders>
  /** `RateLimit` fields. */
  limits: readonly string[]
  onError: (error: Error, req: IncomingMessage, res: ServerResponse) => void
}

const BODY_MS = 10_000

/**
 * Passes on what an upstream answers instead of opening a WebSocket, like any of its answers. A 2xx to a handshake is none
 * that a client could make anything of: it would take the connection for something else.
 */
export function relayRefusal(
  answer: IncomingMessage,
  req: IncomingMessage,
  res: ServerResponse,
  parts: RefusalParts,
): void {
  const { responseHeaders, limits, onError } = parts
  const { statusCode = 0, rawHeaders } = answer
  if (statusCode < 300 || statusCode > 599 || res.headersSent) {
    answer.destroy()
    onError(new Error(`status ${statusCode} to a WebSocket handshake`), req, res)
    return
  }
  const { requestId } = contextOf(req)
  const headers = responseHeaders(rawHeaders, { requestId, more: limits, varyOrigin: false, close: true })
  res.writeHead(statusCode, headers)
  const late = setTimeout(() => answer.destroy(), BODY_MS)
  pipeline(answer, res, () => clearTimeout(late))
}
