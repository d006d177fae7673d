import type { IncomingMessage, ServerResponse } from 'node:http'
import { createProxyMiddleware } from 'http-proxy-middleware'
import { Pool } from 'undici'
import type { RouteConfig } from '../platform/config/routes-schema.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { createRequestHeaders } from './headers/request-headers.ts'
import { createResponseHeaders } from './headers/response-headers.ts'
import type { UpstreamDispatcher } from './http2/http2-dispatcher.ts'
import type { HoldAnswer } from './live/hold-answer.ts'
import { createProxiedRoute, type ProxiedRoute, type ProxiedRouteParts } from './proxied-route.ts'
import { createRouteTable } from './route-table.ts'
import { createAnswerRelay } from './upstream/answer-relay.ts'
import { keepGarbageYoung } from './upstream/keep-garbage-young.ts'
import { createSecureUpstream } from './upstream/secure-upstream.ts'
import { undiciTransport } from './upstream/undici-transport.ts'
import { createUpstreamAddress } from './upstream/upstream-address.ts'
import type { UpstreamContext } from './upstream/upstream-contexts.ts'
import { upstreamError, upstreamOverloaded } from './upstream/upstream-error.ts'

type Shared = Pick<ProxiedRouteParts, 'cors' | 'checkCsrf' | 'resolveIdentity' | 'askToSignIn'>

export interface ProxyRoutesParts extends Shared {
  routes: readonly RouteConfig[]
  publicUrl: string
  /** Bytes, where a route does not say otherwise. */
  maxBody: number
  securityHeaders: { flat: readonly string[]; names: ReadonlySet<string> }
  limitsFor: (route: RouteConfig) => ProxiedRouteParts['takeLimits']
  letBodyCome: (req: IncomingMessage, res: ServerResponse) => void
  renderError: (error: unknown, req: IncomingMessage, res: ServerResponse) => void
  outboundTimer: (target: string) => (outcome: string, seconds: number) => void
  holdAnswer: HoldAnswer
  /** How to speak to upstreams behind TLS. */
  upstreamContext: (route: RouteConfig) => UpstreamContext
  now: () => number
}

export interface ProxyRoutes {
  /** Forwards what a route of the routes file claims; everything else goes on to `next`. */
  handle(req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void
  close(): Promise<void>
}

const CONNECTIONS = 256
const MAX_WAITING = 1_024

/** All routes of the routes file: one set of connections per upstream origin and way to speak to it, one composed function per route. */
export function createProxyRoutes(parts: ProxyRoutesParts): ProxyRoutes {
  const { routes, renderError } = parts
  keepGarbageYoung()
  const upstreams = new Map<string, UpstreamDispatcher>()
  const upstreamOf: UpstreamOf = (route, origin) => {
    const { tls = null, http2 } = route
    const key = origin.startsWith('https:') ? JSON.stringify([origin, tls, http2]) : origin
    const upstream = upstreams.get(key) ?? openUpstreamOf(parts, route, origin)
    upstreams.set(key, upstream)
    return upstream
  }
  const findRoute = createRouteTable(
    routes.map((route) => ({ path: route.path, run: composeRoute(parts, route, upstreamOf) })),
  )

  return {
    handle(req, res, next) {
      const route = findRoute(contextOf(req).path)
      if (route === undefined) return next()
      const fail = (error: unknown) => renderError(error, req, res)
      try {
        const running = route.run(req, res)
        if (running instanceof Promise) running.catch(fail)
      } catch (error) {
        fail(error)
      }
    },
    close: async () => {
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()))
    },
  }
}

type UpstreamOf = (route: RouteConfig, origin: string) => UpstreamDispatcher

function openUpstreamOf(
  { upstreamContext, now }: ProxyRoutesParts,
  route: RouteConfig,
  origin: string,
): UpstreamDispatcher {
  const connections = CONNECTIONS
  if (origin.startsWith('http:'))
    return new Pool(origin, { connections, connect: { timeout: 5_000 }, keepAliveTimeout: 4_000 })
  return createSecureUpstream({ origin, context: upstreamContext(route), http2: route.http2, connections, now })
}

function composeRoute(parts: ProxyRoutesParts, route: RouteConfig, upstreamOf: UpstreamOf): ProxiedRoute {
  const { publicUrl, securityHeaders, renderError, letBodyCome, outboundTimer, holdAnswer } = parts
  const address = createUpstreamAddress(route)
  const responseHeaders = createResponseHeaders({
    route,
    securityHeaders: securityHeaders.flat,
    securityNames: securityHeaders.names,
    locationFor: address.locationFor,
  })
  const transport = undiciTransport({
    upstream: upstreamOf(route, address.origin),
    timeoutMs: route.timeout * 1000,
    relay: createAnswerRelay({ responseHeaders, time: outboundTimer(`upstream:${route.id}`), holdAnswer }),
    letBodyCome,
    onError: (error, req, res) => renderError(upstreamError(error, route.id), req, res),
  })
  const middleware = createProxyMiddleware({
    target: new URL(address.origin),
    ejectPlugins: true,
    plugins: [transport],
  })
  let running = 0
  const leave = () => {
    running--
  }

  return createProxiedRoute({
    ...parts,
    cors: withOwnHeaders(parts),
    route,
    address,
    takeLimits: parts.limitsFor(route),
    requestHeaders: createRequestHeaders({ route, upstreamHost: address.host, publicUrl }),
    maxBody: route.maxBody ?? parts.maxBody,
    send(req, res) {
      if (running >= CONNECTIONS + MAX_WAITING) throw upstreamOverloaded(route.id)
      running++
      contextOf(req).leave = leave
      // Its promise says nothing: failures come through the transport's error handler.
      void middleware(req, res)
    },
  })
}

/** A preflight is answered by the gateway, so it carries what the gateway's own answers carry. */
function withOwnHeaders({ cors, securityHeaders: { flat } }: ProxyRoutesParts): ProxiedRouteParts['cors'] {
  return {
    ...cors,
    answerPreflight(req, res) {
      if (req.method !== 'OPTIONS') return false
      for (let i = 0; i < flat.length; i += 2) res.setHeader(flat[i] ?? '', flat[i + 1] ?? '')
      res.setHeader('X-Request-Id', contextOf(req).requestId)
      return cors.answerPreflight(req, res)
    },
  }
}
