import type { IncomingMessage } from 'node:http'
import type { createAskToSignIn } from '../access/ask-to-sign-in.ts'
import { addressKey } from '../edge/rate-limits/limiter.ts'
import type { ResolveIdentity } from '../identity/resolve-identity.ts'
import type { Config } from '../platform/config/config.ts'
import type { RouteConfig } from '../platform/config/routes-schema.ts'
import type { LiveExchanges } from '../proxy/live/live-exchanges.ts'
import type { UpstreamContext } from '../proxy/upstream/upstream-contexts.ts'
import { createSocketOriginCheck } from '../proxy/web-sockets/socket-origin.ts'
import { createWebSocketPlaces } from '../proxy/web-sockets/web-socket-places.ts'
import { createWebSocketRoutes, type UpgradeHandler } from '../proxy/web-sockets/web-socket-routes.ts'
import type { Edge } from './edge.ts'
import type { Foundation } from './foundation.ts'
import { createLimitsFor, createOwnPathTest } from './proxy.ts'

export interface WebSocketDecisions {
  live: LiveExchanges
  resolveIdentity: ResolveIdentity
  askToSignIn: ReturnType<typeof createAskToSignIn>
  hasSessionCookie: (req: IncomingMessage) => boolean
  isStopping: () => boolean
  upstreamContext: (route: RouteConfig) => UpstreamContext
}

/** A session is prolonged at most once a minute, and at least ten times in its idle time, as by requests. */
const SLIDE_MS = 60_000

/** The WebSockets of the routes file. */
export function assembleWebSockets(
  config: Config,
  { metrics }: Foundation,
  edge: Edge,
  { live, resolveIdentity, askToSignIn, hasSessionCookie, isStopping, upstreamContext }: WebSocketDecisions,
): UpgradeHandler {
  const { websockets, server, session } = config
  return createWebSocketRoutes({
    ...{ live, resolveIdentity, askToSignIn, addressKey, isStopping, upstreamContext },
    routes: config.routes,
    publicUrl: server.publicUrl,
    maxMessage: websockets.maxMessage,
    securityHeaders: edge.securityHeaders,
    limitsFor: createLimitsFor(config, edge),
    arrive: edge.arrive,
    isOwnPath: createOwnPathTest(server.managementPrefix),
    renderError: edge.renderError,
    checkOrigin: createSocketOriginCheck({ isAllowedOrigin: edge.cors.isAllowed, hasSessionCookie }),
    takePlace: createWebSocketPlaces(websockets),
    opened: metrics.socketOpened,
    limits: {
      messages: websockets.messages,
      pingMs: websockets.pingInterval * 1000,
      idleMs: websockets.idleTimeout * 1000,
      lookAgainMs: Math.min(SLIDE_MS, session.idleTimeout * 100),
    },
  })
}
