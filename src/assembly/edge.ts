import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler } from 'express'
import { createArrive } from '../edge/arrive.ts'
import { createClientAddress } from '../edge/client-address.ts'
import { createCors } from '../edge/cors.ts'
import { createCsrfCheck } from '../edge/csrf.ts'
import { errorPage } from '../edge/error-page.ts'
import { createHostCheck } from '../edge/host-check.ts'
import { createAuthFailures } from '../edge/rate-limits/auth-failures.ts'
import { rateLimit } from '../edge/rate-limits/rate-limit.ts'
import { createRequestIds } from '../edge/request-id.ts'
import { createSecurityHeaders } from '../edge/security-headers.ts'
import { identityIfAny } from '../identity/identity.ts'
import type { SessionCookie } from '../identity/session/session-cookie.ts'
import type { Config } from '../platform/config/config.ts'
import type { RateLimit } from '../platform/config/rate-limit-settings.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { isNavigation } from '../platform/http/navigation.ts'
import { createErrorHandler, type ErrorHandlerParts } from '../platform/observability/error-handler.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { Foundation } from './foundation.ts'
import { assembleLimits, type OwnLimit } from './limits.ts'

export type Edge = ReturnType<typeof assembleEdge>

/** The gateway's own endpoints take small bodies only. */
const OWN_BODY_BYTES = 102_400

const OAUTH_ENDPOINTS = ['token', 'introspect', 'revoke']

/** What stands before anyone is known. */
export function assembleEdge(
  config: Config,
  foundation: Foundation,
  isStopping: () => boolean,
  onError: ErrorHandlerParts['onError'],
) {
  const { server, rateLimits } = config
  const { log, metrics, accessLog } = foundation
  const oauthTargets = new Set(OAUTH_ENDPOINTS.map((name) => `${server.managementPrefix}/auth/${name}`))
  const securityHeaders = createSecurityHeaders(server.publicUrl)
  const cors = createCors(server.publicUrl, server.allowedOrigins)
  const limits = assembleLimits(config, foundation)
  const authFailures = createAuthFailures(limits.limiter('auth-failures', rateLimits.authFailures), foundation.clock)
  const own = (name: OwnLimit, policy: RateLimit | undefined): RequestHandler =>
    rateLimit({ name, policy, store: limits.store(name, policy), identityKey, onLimited: metrics.rateLimited })

  const ownAnswers: RequestHandler = function ownAnswers(req, res, next) {
    securityHeaders.apply(res)
    res.setHeader('X-Request-Id', contextOf(req).requestId)
    res.setHeader('Cache-Control', 'no-store')
    if (Number(req.headers['content-length'] ?? 0) > OWN_BODY_BYTES)
      throw new GatewayError('PAYLOAD_TOO_LARGE', { details: { limit: OWN_BODY_BYTES } })
    if (cors.answerPreflight(req, res)) return
    cors.mark(req, res)
    next()
  }

  return {
    cors: { ...cors, varies: server.allowedOrigins.length > 0 },
    securityHeaders,
    limits,
    authFailures,
    ownAnswers,
    ownLimits: {
      general: own('default', rateLimits.default),
      login: own('login', rateLimits.login),
      backchannel: own('backchannel', rateLimits.backchannel),
      management: own('management', rateLimits.management),
    },
    arrive: createArrive({
      clientAddress: createClientAddress(server.trustedProxies),
      requestIds: createRequestIds(),
      checkHost: createHostCheck(server.publicUrl, server.allowedHosts),
      speaksOAuth: ({ method, url = '' }) => method === 'POST' && oauthTargets.has(url),
      accessLog,
      metrics,
      isStopping,
    }),
    checks(cookie: SessionCookie) {
      const csrf = createCsrfCheck({ isAllowedOrigin: cors.isAllowed, hasSessionCookie: cookie.isPresent })
      return { csrf: csrf.check, logout: csrf.checkLogout }
    },
    countForgery(req: IncomingMessage): void {
      metrics.authenticated('session', 'FORGED')
      void authFailures.count(contextOf(req).clientAddress)
    },
    renderError: createErrorHandler({
      log,
      page: errorPage,
      isNavigation,
      decorate: (res: ServerResponse) => securityHeaders.apply(res),
      onError,
    }),
  }
}

function identityKey(req: Request): string | undefined {
  const identity = identityIfAny(req)
  return identity === undefined ? undefined : `${identity.issuer} ${identity.id}`
}
