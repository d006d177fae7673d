import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError } from '../platform/errors/gateway-error.ts'

export interface Cors {
  /** Whether this `Origin` is the gateway's own or an allowed one; exact text, `null` never. */
  isAllowed(origin: string): boolean
  /** Marks the answer as readable for an allowed foreign origin (Fetch standard, CORS protocol). */
  mark(req: IncomingMessage, res: ServerResponse): void
  /** Answers a preflight; false when the request is none. */
  answerPreflight(req: IncomingMessage, res: ServerResponse): boolean
}

const PREFLIGHT_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const PREFLIGHT_SECONDS = '600'
const HEADER_LIST = /^[A-Za-z0-9!#$%&'*+.^_`|~, -]{0,1024}$/
const EXPOSED = 'X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate'

export function createCors(publicUrl: string, allowedOrigins: readonly string[]): Cors {
  const own = new URL(publicUrl).origin
  const foreign = new Set(allowedOrigins)

  function mark(req: IncomingMessage, res: ServerResponse): void {
    const { origin } = req.headers
    if (foreign.size > 0) res.setHeader('Vary', 'Origin')
    if (origin === undefined || !foreign.has(origin)) return
    res.setHeader('Access-Control-Allow-Origin', origin)
    res.setHeader('Access-Control-Allow-Credentials', 'true')
    res.setHeader('Access-Control-Expose-Headers', EXPOSED)
  }

  return {
    isAllowed: (origin) => origin === own || foreign.has(origin),
    mark,
    answerPreflight(req, res) {
      const { origin } = req.headers
      if (
        req.method !== 'OPTIONS' ||
        origin === undefined ||
        req.headers['access-control-request-method'] === undefined
      )
        return false
      if (!foreign.has(origin) && origin !== own) throw new GatewayError('ORIGIN_NOT_ALLOWED')
      const wanted = req.headers['access-control-request-headers'] ?? ''
      mark(req, res)
      res.setHeader('Access-Control-Allow-Methods', PREFLIGHT_METHODS)
      if (wanted !== '' && HEADER_LIST.test(wanted)) res.setHeader('Access-Control-Allow-Headers', wanted)
      res.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS)
      res.writeHead(204).end()
      return true
    },
  }
}
