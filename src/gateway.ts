import type { Server } from 'node:http'
import { createAskToSignIn } from './access/ask-to-sign-in.ts'
import { auditRefusals } from './access/audit-refusals.ts'
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
import { assembleCertificates } from './assembly/certificates.ts'
import { assembleEdge } from './assembly/edge.ts'
import { exampleWords } from './assembly/example-words.ts'
import { layFoundation, type Surroundings } from './assembly/foundation.ts'
import { createGatewayServer } from './assembly/gateway-server.ts'
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
import { assembleSettingDesk } from './assembly/setting-desk.ts'
import { assembleWebSockets } from './assembly/web-sockets.ts'
import { letBodyCome } from './edge/expectation.ts'
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
import { createHoldAnswer } from './proxy/live/hold-answer.ts'
import { createUpstreamContexts } from './proxy/upstream/upstream-contexts.ts'

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

/** The composition root: builds every part from the configuration and nothing else; two gateways can live in one process. */
export async function createGateway(config: Config, surroundings: Surroundings = {}): Promise<Gateway> {
  const foundation = await layFoundation(config, surroundings)
  const { log, metrics } = foundation
  let stopping = false

  const certificates = assembleCertificates(foundation, surroundings.certificatesEveryMs)
  const upstreamContext = createUpstreamContexts(certificates)
  const audit = assembleAudit(config.audit, foundation)
  const caches = assembleCaches(foundation)
  const provider = assembleProvider(config, foundation, caches)
  const edge = assembleEdge(config, foundation, () => stopping, auditRefusals(audit))
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
  const sessionDesk = assembleSessionDesk(config, foundation, provider, sessions, admin, audit)
  const settingDesk = assembleSettingDesk(config, foundation, { provider, caches, audit, admin })
  const live = assembleLive(foundation, sessions, bearer, revocation.cutOffs)
  const holdAnswer = createHoldAnswer(live, edge.renderError)
  const account = assembleAccount(config, foundation, {
    ...{ provider, sessions, sessionDesk, admin, edge, audit, caches },
    cutOffs: revocation.cutOffs,
  })
  const proxy = assembleProxy(config, foundation, edge, {
    ...{ checkCsrf: checks.csrf, resolveIdentity, askToSignIn, holdAnswer, upstreamContext },
  })
  const readiness = assembleReadiness(config, foundation, provider, audit)
  const serviceTokens = assembleServiceTokens(config, foundation, edge, {
    ...{ provider, bearer, caches, sessions, revocation, audit },
  })
  const app = createApp({
    managementPrefix: config.server.managementPrefix,
    edge: { arrive: edge.arrive, ownAnswers: edge.ownAnswers },
    guards: createGuards({ checkCsrf: checks.csrf, resolveIdentity, askToSignIn, turnstile: foundation.turnstile }),
    limits: edge.ownLimits,
    proxy: proxy.handle,
    turnstile: foundation.turnstile,
    login: assembleLogin(config, foundation, provider, sessions, checks.logout, audit),
    docs: openapiRoutes(openapiDocument(apiOperations, config.server, exampleWords)),
    monitoring: monitoringRoutes({
      breakers: foundation.guard.states,
      dependencies: readiness,
      samples: metrics.samples,
      now: foundation.clock.now,
    }),
    operations: {
      health,
      ready: ready(readiness, () => stopping),
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
      ...{ provider, sessions, revocation, caches, audit, sessionDesk, settingDesk },
    }),
    account,
    serviceClients: assembleServiceClients(config, foundation, provider, revocation.cutOffs, audit, admin, caches),
    serviceTokens,
    renderError: edge.renderError,
  })
  const { server, ...own } = createGatewayServer(app, config.server.tls, certificates, foundation)
  const upgrade = assembleWebSockets(config, foundation, edge, {
    ...{ live, resolveIdentity, askToSignIn, upstreamContext },
    hasSessionCookie: sessions.cookie.isPresent,
    isStopping: () => stopping,
  })
  server.on('upgrade', (req, _socket, early) => upgrade(req, early))
  for (const warning of config.warnings) log.warn(warning)
  audit.start()
  await settingDesk.inForce.start()
  const revocationWatch = revocation.watch(sessions, caches)
  revocationWatch?.start()

  return {
    server,
    managementServer: createManagementServer(metrics),
    log,
    endpoints: app.endpoints(),
    beginStopping: () => {
      stopping = true
      live.stop()
      own.beginStopping()
    },
    async release() {
      certificates.stop()
      await revocationWatch?.stop()
      settingDesk.inForce.close()
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
