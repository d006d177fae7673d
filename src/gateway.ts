import { createServer, type RequestListener, type Server } from 'node:http'
import { createAskToSignIn } from './access/ask-to-sign-in.ts'
import { createGuards } from './access/guards.ts'
import { adminRoutes } from './admin/admin-routes.ts'
import { createApp } from './app.ts'
import { assembleAdmin } from './assembly/admin.ts'
import { assembleCaches } from './assembly/caches.ts'
import { assembleEdge } from './assembly/edge.ts'
import { layFoundation, type Surroundings } from './assembly/foundation.ts'
import { assembleLogin } from './assembly/login.ts'
import { assembleProvider } from './assembly/provider.ts'
import { assembleProxy } from './assembly/proxy.ts'
import { assembleReadiness } from './assembly/readiness.ts'
import { assembleSessions } from './assembly/sessions.ts'
import { handleExpectations, letBodyCome } from './edge/expectation.ts'
import { answerParserErrors } from './edge/parser-errors.ts'
import { endIdleBodies } from './edge/slow-clients.ts'
import { createBearerAuthenticator } from './identity/bearer/bearer-authenticator.ts'
import { createVerifyAccessToken, type VerifiedToken } from './identity/bearer/verify-access-token.ts'
import { createResolveIdentity } from './identity/resolve-identity.ts'
import { cacheRoutes } from './operations/cache-routes.ts'
import { health, ready } from './operations/health-routes.ts'
import { createManagementServer } from './operations/management-server.ts'
import type { Config } from './platform/config/config.ts'
import { jsonBody } from './platform/http/json-body.ts'
import type { Log } from './platform/observability/log.ts'

export interface Gateway {
  readonly server: Server
  readonly managementServer: Server
  readonly log: Log
  /** From now on `/ready` says no and connections are not kept. */
  beginStopping(): void
  /** Lets go of Redis, upstreams and the log; after the servers are closed. */
  release(): Promise<void>
}

const HEADER_BYTES = 16_384

/** The composition root: builds every part from the configuration and nothing else; two gateways can live in one process. */
export async function createGateway(config: Config, surroundings: Surroundings = {}): Promise<Gateway> {
  const foundation = await layFoundation(config, surroundings)
  const { log, metrics, clock } = foundation
  let stopping = false

  const caches = assembleCaches(foundation)
  const provider = assembleProvider(config, foundation, caches)
  const edge = assembleEdge(config, foundation, () => stopping)
  const sessions = assembleSessions(config, foundation, caches, provider, (req) => edge.countForgery(req))
  const checks = edge.checks(sessions.cookie)

  const verifiedTokens = { ttl: config.caches.jwks.ttl || 60, maxSize: config.caches.verifiedTokens.maxSize }
  const verified = caches.make<VerifiedToken>('verified_tokens', verifiedTokens, {
    showKey: (hash) => `${hash.slice(0, 4)}…`,
  })
  const resolveIdentity = createResolveIdentity({
    session: sessions.authenticator,
    bearer: createBearerAuthenticator(
      createVerifyAccessToken({ config: config.bearer, keySet: provider.keySet, verified, clock }),
    ),
    onOutcome: metrics.authenticated,
    failures: edge.authFailures,
  })
  const askToSignIn = createAskToSignIn({
    publicUrl: config.server.publicUrl,
    hasSessionCookie: sessions.cookie.isPresent,
    applySecurityHeaders: edge.securityHeaders.apply,
    secureCookies: sessions.cookie.secure,
  })
  const admin = assembleAdmin(config, foundation, caches, provider)
  const proxy = assembleProxy(config, foundation, edge, { checkCsrf: checks.csrf, resolveIdentity, askToSignIn })
  const app = createApp({
    managementPrefix: config.server.managementPrefix,
    edge: { arrive: edge.arrive, ownAnswers: edge.ownAnswers },
    guards: createGuards({ checkCsrf: checks.csrf, resolveIdentity, askToSignIn }),
    limits: edge.ownLimits,
    proxy: proxy.handle,
    login: assembleLogin(config, foundation, provider, sessions, checks.logout),
    operations: {
      health,
      ready: ready(assembleReadiness(foundation, provider), () => stopping),
      caches: cacheRoutes({
        registry: caches.registry,
        jsonBody: jsonBody(letBodyCome),
        onCleared: (names, by) => log.info('caches were cleared', { caches: names, by }),
      }),
    },
    admin: adminRoutes(admin),
    renderError: edge.renderError,
  })
  const server = createGatewayServer(app)
  for (const warning of config.warnings) log.warn(warning)

  return {
    server,
    managementServer: createManagementServer(metrics),
    log,
    beginStopping: () => {
      stopping = true
    },
    async release() {
      await proxy.close()
      foundation.bus?.close()
      foundation.redis?.destroy()
      foundation.accessLog.flush()
    },
  }
}

/** node:http with the limits of design section 3. */
function createGatewayServer(app: RequestListener): Server {
  const server = createServer({
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: 10_000,
    requestTimeout: 300_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 2_000,
  })
  handleExpectations(server, app)
  answerParserErrors(server)
  endIdleBodies(server)
  return server
}
