import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RouteConfig } from '../../platform/config/routes-schema.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { isNavigation } from '../../platform/http/navigation.ts'
import { contextOf } from '../../platform/observability/request-context.ts'
import { createRequestHeaders } from '../headers/request-headers.ts'
import { createResponseHeaders } from '../headers/response-headers.ts'
import { createRouteTable } from '../route-table.ts'
import { createUpstreamAddress } from '../upstream/upstream-address.ts'
import type { UpstreamContext } from '../upstream/upstream-contexts.ts'
import { upstreamError } from '../upstream/upstream-error.ts'
import { relayRefusal } from './relay-refusal.ts'
import { createUpgradeAnswer } from './upgrade-answer.ts'
import { createWebSocketExchange, type WebSocketExchangeParts } from './web-socket-exchange.ts'
import { createWebSocketRoute, type WebSocketRouteParts } from './web-socket-route.ts'

type Stations = Omit<WebSocketRouteParts, 'route' | 'takeLimits'>

export interface WebSocketRoutesParts extends Stations, Pick<WebSocketExchangeParts, 'live' | 'limits' | 'opened'> {
  routes: readonly RouteConfig[]
  publicUrl: string
  /** Bytes. */
  maxMessage: number
  securityHeaders: { flat: readonly string[]; names: ReadonlySet<string> }
  limitsFor: (route: RouteConfig) => WebSocketRouteParts['takeLimits']
  arrive: (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void, upgrading: true) => void
  /** Whether a path is one of the gateway's own. */
  isOwnPath: (path: string) => boolean
  isStopping: () => boolean
  /** How to speak to upstreams behind TLS. */
  upstreamContext: (route: RouteConfig) => UpstreamContext
  renderError: (error: unknown, req: IncomingMessage, res: ServerResponse) => void
}

/** Takes a connection that node:http has let go of for a WebSocket, with the bytes that came behind the handshake. */
export type UpgradeHandler = (req: IncomingMessage, early: Buffer) => void

/** All WebSockets of the routes file. Whatever is refused is an ordinary answer, after which the connection closes. */
export function createWebSocketRoutes(parts: WebSocketRoutesParts): UpgradeHandler {
  const { routes, arrive, isOwnPath, isStopping, renderError } = parts
  const findRoute = createRouteTable(routes.map((route) => ({ path: route.path, run: composeRoute(parts, route) })))

  async function serve(req: IncomingMessage, res: ServerResponse, early: Buffer): Promise<void> {
    const { path } = contextOf(req)
    if (isOwnPath(path)) throw new GatewayError('WEBSOCKET_UNAVAILABLE')
    const route = findRoute(path)
    if (route === undefined) throw new GatewayError('NOT_FOUND')
    if (isStopping()) throw new GatewayError('SHUTTING_DOWN', { headers: { 'Retry-After': '1' } })
    await route.run(req, res, early)
  }

  return function upgrade(req, early) {
    const { socket } = req
    socket.on('error', () => socket.destroy())
    // The time for a request is over; what happens to a handshake has deadlines of its own.
    socket.setTimeout(0)
    // A handshake is never a page load, whatever it says: nobody is sent anywhere, and nobody reads a page.
    if (isNavigation(req)) {
      delete req.headers.accept
      delete req.headers['sec-fetch-mode']
    }
    const res = createUpgradeAnswer(req)
    arrive(
      req,
      res,
      (error) => {
        if (error !== undefined) renderError(error, req, res)
        else serve(req, res, early).catch((failure: unknown) => renderError(failure, req, res))
      },
      true,
    )
  }
}

type Run = (req: IncomingMessage, res: ServerResponse, early: Buffer) => Promise<void>

/** Handshake fields are between neighbours: the gateway makes its own towards the upstream. */
const OF_THE_HANDSHAKE = /^(sec-websocket-|content-length$)/i

function composeRoute(parts: WebSocketRoutesParts, route: RouteConfig): Run {
  const { publicUrl, securityHeaders, renderError, maxMessage } = parts
  const address = createUpstreamAddress(route)
  const context = address.origin.startsWith('https:') ? parts.upstreamContext(route) : undefined
  const requestHeaders = createRequestHeaders({ route, upstreamHost: address.host, publicUrl })
  const responseHeaders = createResponseHeaders({
    route,
    securityHeaders: securityHeaders.flat,
    securityNames: securityHeaders.names,
    locationFor: address.locationFor,
  })
  const onError = (error: unknown, req: IncomingMessage, res: ServerResponse) =>
    renderError(upstreamError(error, route.id), req, res)
  const admit = createWebSocketRoute({ ...parts, route, takeLimits: parts.limitsFor(route) })
  const exchange = createWebSocketExchange({
    ...parts,
    onError,
    relayRefusal: (answer, req, res, { limits }) =>
      relayRefusal(answer, req, res, { responseHeaders, limits, onError }),
  })

  return async function run(req, res, early) {
    const admitted = await admit(req, res, early)
    if (admitted === undefined) return
    // It may have gone while the stations asked around.
    if (res.destroyed || req.socket.destroyed) return admitted.leave()
    const { path, query } = contextOf(req)
    exchange(req, res, admitted, {
      origin: address.origin,
      tls: context?.options(),
      path: address.pathFor(path, query),
      headers: without(requestHeaders(req, contextOf(req), admitted.identity), OF_THE_HANDSHAKE),
      protocols: admitted.protocols,
      timeoutMs: route.timeout * 1000,
      maxMessage,
    })
  }
}

function without(flat: readonly string[], names: RegExp): string[] {
  return flat.filter((_, i) => !names.test(flat[i - (i % 2)] ?? ''))
}
