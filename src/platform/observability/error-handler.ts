import type { IncomingMessage, ServerResponse } from 'node:http'
import { failure, problemDetails } from '../errors/envelope.ts'
import { fromStranger } from '../errors/from-stranger.ts'
import type { GatewayError } from '../errors/gateway-error.ts'
import { oauthFailure } from '../errors/oauth-failure.ts'
import type { Log } from './log.ts'
import { contextIfAny } from './request-context.ts'

export interface ErrorHandlerParts {
  log: Log
  /** Draws the page for navigations; JSON is for everyone else. */
  page: (
    error: GatewayError,
    correlationId: string,
    req: IncomingMessage,
  ) => { html: string; contentSecurityPolicy: string }
  isNavigation: (req: IncomingMessage) => boolean
  /** Sets what every answer of the gateway carries. */
  decorate: (res: ServerResponse) => void
  /** Told of every error that is answered. */
  onError?: ((error: GatewayError, req: IncomingMessage) => void) | undefined
}

export type RenderError = (thrown: unknown, req: IncomingMessage, res: ServerResponse) => void

/** The one place that renders an error: envelope, problem details or page, by what the caller asked for. */
export function createErrorHandler({ log, page, isNavigation, decorate, onError }: ErrorHandlerParts): RenderError {
  return function renderError(thrown, req, res) {
    const error = fromStranger(thrown)
    const context = contextIfAny(req)
    const correlationId = context?.requestId ?? 'none'
    if (context !== undefined) context.refusal = error.code
    onError?.(error, req)
    if (error.status >= 500) report(log, error)
    else log.debug('request refused', { errorCode: error.code, reason: error.reason })
    if (res.headersSent || res.destroyed) {
      res.destroy()
      return
    }
    decorate(res)
    if (context !== undefined) res.setHeader('X-Request-Id', context.requestId)
    for (const [name, value] of Object.entries(error.headers)) res.setHeader(name, value)
    res.setHeader('Cache-Control', 'no-store')
    // An unread body must never be parsed as the next request (RFC 9112 section 9.6).
    if (!req.complete && announcesBody(req)) res.setHeader('Connection', 'close')
    res.statusCode = error.status
    if (context?.oauthErrors === true) {
      send(req, res, 'application/json', JSON.stringify(oauthFailure(error)))
    } else if (isNavigation(req)) {
      const { html, contentSecurityPolicy } = page(error, correlationId, req)
      res.setHeader('Content-Security-Policy', contentSecurityPolicy)
      send(req, res, 'text/html; charset=utf-8', html)
    } else if (/\bapplication\/problem\+json\b/i.test(req.headers.accept ?? '')) {
      send(req, res, 'application/problem+json', JSON.stringify(problemDetails(error, correlationId)))
    } else {
      send(req, res, 'application/json; charset=utf-8', JSON.stringify(failure(error, correlationId)))
    }
  }
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

function report(log: Log, error: GatewayError): void {
  const meta = { errorCode: error.code, reason: error.reason, error: error.cause ?? error }
  if (error.code === 'INTERNAL_ERROR' || error.code === 'KEYCLOAK_REFUSED') log.error('request failed', meta)
  else log.warn('request failed', meta)
}

function send(req: IncomingMessage, res: ServerResponse, contentType: string, body: string): void {
  res.setHeader('Content-Type', contentType)
  res.setHeader('Content-Length', Buffer.byteLength(body))
  res.end(req.method === 'HEAD' ? undefined : body)
}
