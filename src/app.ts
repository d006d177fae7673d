import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import express, { type RequestHandler } from 'express'
import type { createGuards } from './access/guards.ts'
import { createMount } from './mount.ts'
import { GatewayError } from './platform/errors/gateway-error.ts'
import type { Turnstile } from './platform/turnstile.ts'

type Guards = ReturnType<typeof createGuards>
type Step = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** Every station and destination, made elsewhere (`gateway.ts`); here is only their order. */
export interface AppParts {
  managementPrefix: string
  edge: { arrive: Step; ownAnswers: RequestHandler }
  guards: Guards
  limits: Record<'general' | 'login' | 'backchannel' | 'management', RequestHandler>
  proxy: Step
  /** Lets the own endpoints in one by one, so that a crowd there keeps no proxied call waiting. */
  turnstile: Turnstile
  login: Record<'start' | 'finish' | 'logout' | 'currentUser' | 'sessionState', RequestHandler> & {
    backchannelLogout: RequestHandler[]
  }
  operations: Record<'health' | 'ready' | 'caches', RequestHandler>
  monitoring: Record<'health' | 'breakers' | 'metrics', RequestHandler>
  docs: Record<'json' | 'page', RequestHandler>
  admin: RequestHandler
  account: Record<'own' | 'visitors', RequestHandler>
  serviceClients: RequestHandler
  serviceTokens: Record<'entrance' | 'token' | 'introspect' | 'revoke', RequestHandler>
  renderError: (error: unknown, req: IncomingMessage, res: ServerResponse) => void
}

/**
 * THE PATH. A request goes through this page from top to bottom:
 *
 *     browser / service → edge → identity → access → login | operations | admin | account | proxy → Keycloak / API
 *
 * A path that the routes file claims is answered by `proxy`, which runs the same stations composed into one function
 * (`proxy/proxied-route.ts`), because it is the hot path. The gateway's own paths are never claimed by a route.
 */
export function createApp(parts: AppParts): RequestListener & { endpoints: () => string[] } {
  const { edge, guards, limits, login, operations, monitoring, managementPrefix } = parts
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  const mount = createMount(app)

  // edge: nobody is known yet; what a route claims leaves here, before Express, which costs more than all stations together
  const path: RequestListener = (req, res) => {
    edge.arrive(req, res, (error) => {
      if (error !== undefined) parts.renderError(error, req, res)
      else parts.proxy(req, res, () => parts.turnstile(() => app(req, res)))
    })
  }
  app.use(edge.ownAnswers)

  // operations that anyone may ask
  mount.endpoint('GET', '/health', guards.anyone, operations.health)
  mount.endpoint('GET', '/ready', guards.anyone, limits.general, operations.ready)
  mount.endpoint('GET', '/openapi.json', guards.anyone, limits.general, parts.docs.json)
  mount.endpoint('GET', '/docs', guards.anyone, limits.general, parts.docs.page)
  mount.endpoint('GET', `${managementPrefix}/monitoring/health`, guards.anyone, limits.general, monitoring.health)

  // login: the dance with the identity provider, and what remains of it
  mount.endpoint('GET', '/login', guards.anyone, limits.login, login.start)
  mount.endpoint('GET', '/callback', guards.anyone, limits.login, login.finish)
  mount.endpoint('POST', '/logout', guards.anyone, limits.general, login.logout)
  mount.endpoint('POST', '/backchannel-logout', guards.anyone, limits.backchannel, ...login.backchannelLogout)
  mount.endpoint('GET', '/me', guards.signedIn(['session', 'bearer'], limits.general), login.currentUser)
  mount.endpoint('GET', '/session', guards.sameOrigin, limits.general, login.sessionState)

  // operations for administrators
  const administrator = guards.administration(managementPrefix, limits.management)
  mount.below('/cache', administrator, operations.caches)
  const watched = `${managementPrefix}/monitoring`
  mount.endpoint('GET', `${watched}/circuit-breakers`, administrator, monitoring.breakers)
  mount.endpoint('GET', `${watched}/metrics`, administrator, monitoring.metrics)

  // admin: Keycloak's administration
  mount.below(`${managementPrefix}/admin`, administrator, parts.admin)

  // service-clients: programs with tokens of their own, looked after by administrators
  mount.below(`${managementPrefix}/clients`, administrator, parts.serviceClients)

  // account: what everybody may do for themselves
  const person = guards.signedIn(['session', 'bearer'], limits.management)
  mount.below(`${managementPrefix}/users/me`, person, parts.account.own)
  mount.below(`${managementPrefix}/users`, guards.anyone, limits.login, parts.account.visitors)

  // service-tokens: OAuth for programs, who prove themselves to the provider with each request
  const { entrance, token, introspect, revoke } = parts.serviceTokens
  mount.endpoint('POST', `${managementPrefix}/auth/token`, guards.anyone, entrance, limits.management, token)
  mount.endpoint('POST', `${managementPrefix}/auth/introspect`, guards.anyone, entrance, limits.management, introspect)
  mount.endpoint('POST', `${managementPrefix}/auth/revoke`, guards.anyone, entrance, limits.management, revoke)

  app.use(() => {
    throw new GatewayError('NOT_FOUND')
  })
  app.use(((error: unknown, req, res, _next) =>
    parts.renderError(error, req, res)) satisfies express.ErrorRequestHandler)
  return Object.assign(path, { endpoints: mount.endpoints })
}
