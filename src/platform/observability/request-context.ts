import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'

/** What the gateway knows of a request from its arrival on; one object a request, shared by every station. */
export interface RequestContext {
  readonly requestId: string
  /** W3C Trace Context header value for upstreams. */
  readonly traceparent: string
  /** `performance.now()` at arrival, in milliseconds. */
  readonly startedAt: number
  readonly method: string
  /** The canonical path: the one string for matching, policy, limits, logs and forwarding. */
  path: string
  /** The query with its `?`, byte for byte, or the empty string. */
  query: string
  /** The client's address, by the trusted-proxy rules. */
  readonly clientAddress: string
  /** A bounded label for logs and metrics: a route id or an own endpoint, never a raw path. */
  route: string
  /** Who was found to be calling; for logs. */
  subject?: string
  authMethod?: string
  /** The error code of a refused request; for logs and metrics. */
  refusal?: string
  /** Failures are told as OAuth errors (RFC 6749 section 5.2), not in the envelope. */
  oauthErrors?: true
  /** What a WebSocket carried, once it is closed; `in` is what its client sent. */
  socket?: { code: number; messages: { in: number; out: number }; bytes: { in: number; out: number } }
  /** Stops what runs for this request when the client goes away. */
  abort?: () => void
  /** Gives back a place in a queue, when the exchange is over in whatever way. */
  leave?: () => void
}

const CONTEXT = Symbol('cloakroom.context')
type WithContext = IncomingMessage & { [CONTEXT]?: RequestContext }

export const requestStorage: AsyncLocalStorage<RequestContext> = new AsyncLocalStorage()

export function attachContext(req: IncomingMessage, context: RequestContext): void {
  ;(req as WithContext)[CONTEXT] = context
}

/** The context of a request that has arrived; a request without one is a programming error. */
export function contextOf(req: IncomingMessage): RequestContext {
  const context = (req as WithContext)[CONTEXT]
  if (context === undefined) throw new Error('the request has not passed the arrival step')
  return context
}

/** The context, or undefined for a request that failed before it arrived. */
export function contextIfAny(req: IncomingMessage): RequestContext | undefined {
  return (req as WithContext)[CONTEXT]
}
