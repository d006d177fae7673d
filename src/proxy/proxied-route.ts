import type { IncomingMessage, ServerResponse } from 'node:http'
import type { createAskToSignIn } from '../access/ask-to-sign-in.ts'
import { createPolicy } from '../access/policy.ts'
import type { Identity } from '../identity/identity.ts'
import type { ResolveIdentity } from '../identity/resolve-identity.ts'
import type { RouteConfig } from '../platform/config/routes-schema.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextOf, type RequestContext } from '../platform/observability/request-context.ts'
import type { createRequestHeaders } from './headers/request-headers.ts'
import { setForwarding } from './upstream/forwarding.ts'
import { checkLength } from './upstream/request-body.ts'
import type { UpstreamAddress } from './upstream/upstream-address.ts'

/** `RateLimit` fields of an answer, from the limits that were asked. */
export type TakeLimits = (
  identity: Identity | undefined,
  context: RequestContext,
) => readonly string[] | Promise<readonly string[]>

export interface ProxiedRouteParts {
  route: RouteConfig
  cors: {
    mark(req: IncomingMessage, res: ServerResponse): void
    answerPreflight(req: IncomingMessage, res: ServerResponse): boolean
    varies: boolean
  }
  checkCsrf: (req: IncomingMessage) => void
  resolveIdentity: ResolveIdentity
  askToSignIn: ReturnType<typeof createAskToSignIn>
  takeLimits: TakeLimits
  requestHeaders: ReturnType<typeof createRequestHeaders>
  address: UpstreamAddress
  maxBody: number
  /** http-proxy-middleware with its undici stage. */
  send: (req: IncomingMessage, res: ServerResponse) => void
}

export type ProxiedRoute = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>

/**
 * One route, its steps composed into one function at start: method → CORS → CSRF → identity → limits → policy → send.
 * Everything stays synchronous while everything is remembered, which is nearly always.
 */
export function createProxiedRoute(parts: ProxiedRouteParts): ProxiedRoute {
  const { route, cors, checkCsrf, resolveIdentity, askToSignIn, takeLimits, requestHeaders, address, maxBody, send } =
    parts
  const methods = new Set(route.methods)
  const allow = route.methods.join(', ')
  const policy = createPolicy(route.require)
  const accepted = route.auth === 'none' ? undefined : route.auth

  function checkMethod(req: IncomingMessage): void {
    if (!methods.has(req.method ?? '')) throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: allow } })
  }

  function forward(
    req: IncomingMessage,
    res: ServerResponse,
    context: RequestContext,
    identity: Identity | undefined,
    limits: readonly string[],
  ): void {
    setForwarding(req, {
      path: address.pathFor(context.path, context.query),
      headers: requestHeaders(req, context, identity),
      maxBody,
      extras: { requestId: context.requestId, more: limits, varyOrigin: cors.varies, close: false },
    })
    send(req, res)
  }

  function decide(
    req: IncomingMessage,
    res: ServerResponse,
    context: RequestContext,
    identity: Identity | undefined,
    limits: readonly string[],
  ): void {
    if (accepted !== undefined) {
      if (identity === undefined) {
        askToSignIn(req, res, accepted)
        return
      }
      policy(identity)
    }
    checkLength(req, maxBody)
    forward(req, res, context, identity, limits)
  }

  function admit(
    req: IncomingMessage,
    res: ServerResponse,
    context: RequestContext,
    identity: Identity | undefined,
  ): void | Promise<void> {
    const limits = takeLimits(identity, context)
    if (limits instanceof Promise) return limits.then((taken) => decide(req, res, context, identity, taken))
    decide(req, res, context, identity, limits)
  }

  return function proxiedRoute(req, res) {
    const context = contextOf(req)
    context.route = route.id
    if (req.headers.origin !== undefined && cors.answerPreflight(req, res)) return
    cors.mark(req, res)
    checkMethod(req)
    if (accepted === undefined) return admit(req, res, context, undefined)
    checkCsrf(req)
    const identity = resolveIdentity(req, accepted)
    if (identity instanceof Promise) return identity.then((found) => admit(req, res, context, found))
    return admit(req, res, context, identity)
  }
}
