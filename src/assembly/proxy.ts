import { letBodyCome } from '../edge/expectation.ts'
import { addressKey } from '../edge/rate-limits/limiter.ts'
import type { Config } from '../platform/config/config.ts'
import { isAtOrBelow, ownPaths } from '../platform/config/own-paths.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import { createTakeLimits } from '../proxy/limits.ts'
import { createProxyRoutes, type ProxyRoutes, type ProxyRoutesParts } from '../proxy/proxy-routes.ts'
import type { Edge } from './edge.ts'
import type { Foundation } from './foundation.ts'

type Decided = 'checkCsrf' | 'resolveIdentity' | 'askToSignIn' | 'holdAnswer' | 'upstreamContext'
type Decisions = Pick<ProxyRoutesParts, Decided>

/** The routes of the routes file; the gateway's own paths are never among them. */
export function assembleProxy(
  config: Config,
  { metrics, clock }: Foundation,
  edge: Edge,
  decisions: Decisions,
): ProxyRoutes {
  const routes = createProxyRoutes({
    ...decisions,
    routes: config.routes,
    publicUrl: config.server.publicUrl,
    maxBody: config.server.maxBody,
    cors: edge.cors,
    securityHeaders: edge.securityHeaders,
    limitsFor: createLimitsFor(config, edge),
    letBodyCome,
    renderError: edge.renderError,
    outboundTimer: metrics.outboundTimer,
    now: () => clock.now(),
  })
  const isOwn = createOwnPathTest(config.server.managementPrefix)
  return {
    ...routes,
    handle(req, res, next) {
      if (isOwn(contextOf(req).path)) next()
      else routes.handle(req, res, next)
    },
  }
}

/** What every request to a route is counted by: the general limit and the route's own. */
export function createLimitsFor(config: Config, edge: Edge): ProxyRoutesParts['limitsFor'] {
  const general = edge.limits.limiter('default', config.rateLimits.default)
  return function limitsFor(route) {
    const own = edge.limits.routeLimiter(route.id, route.rateLimit)
    return createTakeLimits(
      [general, own].filter((limiter) => limiter !== undefined),
      addressKey,
    )
  }
}

/** Whether a path is one of the gateway's own. */
export function createOwnPathTest(managementPrefix: string): (path: string) => boolean {
  const all = ownPaths(managementPrefix)
  const exact = new Set(all)
  const prefixes = all.filter(
    (path) => path.startsWith(`${managementPrefix}/`) || path === '/docs' || path === '/console',
  )
  // One look at a set for nearly every request; the prefixes are few and share their beginning.
  return (path) => exact.has(path) || prefixes.some((prefix) => isAtOrBelow(path, prefix))
}
