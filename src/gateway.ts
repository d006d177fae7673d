import { createServer, type RequestListener, type Server } from 'node:http'
import { createAskToSignIn } from './access/ask-to-sign-in.ts'
import { auditedCaller } from './access/audited-caller.ts'
import { createGuards } from './access/guards.ts'
import { createApp } from './app.ts'
import { assembleAccount } from './assembly/account.ts'
import { assembleAdmin } from './assembly/admin.ts'
import { assembleAdministration } from './assembly/administration.ts'
import { apiOperations } from './assembly/api-operations.ts'
import { assembleAudit } from './assembly/audit.ts'
import { assembleBearer } from './assembly/bearer.ts'
import { assembleCaches } from './assembly/caches.ts'
import { assembleEdge } from './assembly/edge.ts'
import { layFoundation, type Surroundings } from './assembly/foundation.ts'
import { assembleLive } from './assembly/live.ts'
import { assembleLogin } from './assembly/login.ts'
import { assembleProvider } from './assembly/provider.ts'
import { assembleProxy } from './assembly/proxy.ts'
import { assembleReadiness } from './assembly/readiness.ts'
import { assembleRevocation } from './assembly/revocation.ts'
import { assembleServiceClients } from './assembly/service-clients.ts'
import { assembleServiceTokens } from './assembly/service-tokens.ts'
import { assembleSessionDesk } from './assembly/session-desk.ts'
import { assembleSessions } from './assembly/sessions.ts'
import { assembleWebSockets } from './assembly/web-sockets.ts'
import { handleExpectations, letBodyCome } from './edge/expectation.ts'
import { answerParserErrors } from './edge/parser-errors.ts'
import { endIdleBodies } from './edge/slow-clients.ts'
import { acceptsUpgrade } from './edge/upgrades.ts'
import { createResolveIdentity } from './identity/resolve-identity.ts'
import { cacheRoutes } from './operations/cache-routes.ts'
import { health, ready } from './operations/health-routes.ts'
import { createManagementServer } from './operations/management-server.ts'
import { monitoringRoutes } from './operations/monitoring-routes.ts'
import { openapiRoutes } from './operations/openapi-routes.ts'
import type { Config } from './platform/config/config.ts'
import { jsonBody } from './platform/http/json-body.ts'
import { openapiDocument } from './platform/http/openapi-document.ts'
import type { Log } from './platform/observability/log.ts'
import { createHoldAnswer } from './proxy/hold-answer.ts'

export interface Gateway {
  readonly server: Server
  readonly managementServer: Server
  readonly log: Log
  /** The own endpoints, as `GET /path/:id`. */
  readonly endpoints: readonly string[]
  /** From now on `/ready` says no and connections are not kept. */
  beginStopping(): void
  /** Lets go of Redis, upstreams and the log; after the servers are closed. */
  release(): Promise<void>
}

const HEADER_BYTES = 16_384

/** The composition root: builds every part from the configuration and nothing else; two gateways can live in one process. */
export async function createGateway(config: Config, surroundings: Surroundings = {}): Promise<Gateway> {
  const foundation = await layFoundation(config, surroundings)
  const { log, metrics } = foundation
  let stopping = false

  const audit = assembleAudit(config.audit, foundation)
  const caches = assembleCaches(foundation)
  const provider = assembleProvider(config, foundation, caches)
  const edge = assembleEdge(config, foundation, () => stopping)
  const revocation = assembleRevocation(config, foundation, provider)
  const sessions = assembleSessions(config, foundation, caches, provider, revocation, (req) => edge.countForgery(req))
  const checks = edge.checks(sessions.cookie)

  const bearer = assembleBearer(config, foundation, caches, provider, revocation.cutOffs)
  const resolveIdentity = createResolveIdentity({
    session: sessions.authenticator,
    bearer: bearer.authenticator,
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
  const sessionDesk = assembleSessionDesk(config, foundation, provider, sessions, admin?.sessions, audit)
  const live = assembleLive(foundation, sessions, bearer, revocation.cutOffs)
  const holdAnswer = createHoldAnswer(live)
  const account = assembleAccount(config, foundation, {
    ...{ provider, sessions, sessionDesk, admin, edge, audit },
    cutOffs: revocation.cutOffs,
  })
  const proxy = assembleProxy(config, foundation, edge, {
    ...{ checkCsrf: checks.csrf, resolveIdentity, askToSignIn, holdAnswer },
  })
  const app = createApp({
    managementPrefix: config.server.managementPrefix,
    edge: { arrive: edge.arrive, ownAnswers: edge.ownAnswers },
    guards: createGuards({ checkCsrf: checks.csrf, resolveIdentity, askToSignIn }),
    limits: edge.ownLimits,
    proxy: proxy.handle,
    login: assembleLogin(config, foundation, provider, sessions, checks.logout, audit),
    docs: openapiRoutes(openapiDocument(apiOperations, config.server)),
    monitoring: monitoringRoutes({
      breakers: foundation.guard.states,
      samples: metrics.samples,
      now: foundation.clock.now,
    }),
    operations: {
      health,
      ready: ready(assembleReadiness(config, foundation, provider, audit), () => stopping),
      caches: cacheRoutes({
        registry: caches.registry,
        jsonBody: jsonBody(letBodyCome),
        onCleared: (req, cleared, instances) => {
          const target = { kind: 'caches', id: null } as const
          const what = { action: 'cache.clear', outcome: 'ok', target, after: { cleared, instances } } as const
          audit.note({ ...what, ...auditedCaller(req) })
        },
      }),
    },
    admin: assembleAdministration(config, foundation, admin, {
      ...{ provider, sessions, revocation, caches, audit, sessionDesk },
    }),
    account,
    serviceClients: assembleServiceClients(config, foundation, provider, revocation.cutOffs, audit, admin),
    serviceTokens: assembleServiceTokens(config, foundation, edge, provider, bearer),
    renderError: edge.renderError,
  })
  const server = createGatewayServer(app)
  const upgrade = assembleWebSockets(config, foundation, edge, {
    ...{ live, resolveIdentity, askToSignIn },
    hasSessionCookie: sessions.cookie.isPresent,
    isStopping: () => stopping,
  })
  server.on('upgrade', (req, _socket, early) => upgrade(req, early))
  for (const warning of config.warnings) log.warn(warning)
  audit.start()
  const revocationWatch = revocation.watch(sessions)
  revocationWatch?.start()

  return {
    server,
    managementServer: createManagementServer(metrics),
    log,
    endpoints: app.endpoints(),
    beginStopping: () => {
      stopping = true
      live.stop()
    },
    async release() {
      await revocationWatch?.stop()
      await proxy.close()
      await account.close()
      await audit.close()
      await foundation.database.close()
      await edge.limits.close()
      await foundation.bus?.close()
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
    shouldUpgradeCallback: acceptsUpgrade,
  })
  handleExpectations(server, app)
  answerParserErrors(server)
  endIdleBodies(server)
  return server
}
