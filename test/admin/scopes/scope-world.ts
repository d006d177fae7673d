import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { createAuthorize } from '../../../src/access/authorize.ts'
import { createChangeScopes } from '../../../src/admin/scopes/change-scopes.ts'
import { createReadScopes } from '../../../src/admin/scopes/read-scopes.ts'
import { createScopeDesk } from '../../../src/admin/scopes/scope-desk.ts'
import { scopeRoutes } from '../../../src/admin/scopes/scope-routes.ts'
import { setIdentity } from '../../../src/identity/identity.ts'
import { createAudit } from '../../../src/platform/audit/audit.ts'
import { failure } from '../../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../../src/platform/errors/from-stranger.ts'
import { jsonBody } from '../../../src/platform/http/json-body.ts'
import { createLog } from '../../../src/platform/observability/log.ts'
import { attachContext } from '../../../src/platform/observability/request-context.ts'
import { createLocalTurns } from '../../../src/platform/redis/turns.ts'
import { contextFor } from '../../platform/observability/context-for.ts'
import { the } from '../../support/the.ts'
import { fakeRealm, type RealmPlan } from '../fake-realm.ts'
import { fakeScopes, type ScopePlan } from './fake-scopes.ts'

export interface ScopeAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  body: any
}

const REALM: RealmPlan = {
  roles: {
    'realm:admin': [],
    'realm:customer': [],
    'realm:whole': ['realm:customer', 'client:shop:read'],
    'realm:default-roles-x': ['client:account:manage-account'],
    'client:shop:read': [],
    'client:shop:write': [],
    'client:shop:power': ['client:realm-management:manage-users'],
    'client:realm-management:manage-users': [],
    'client:account:manage-account': [],
    'client:broker:read-token': [],
  },
  people: {
    ada: { roles: ['realm:admin'] },
    ann: { roles: ['realm:customer'] },
    // A service client: what it may do stands in the scopes of its token.
    robot: { roles: ['client:shop:read'] },
  },
}
const SCOPES: ScopePlan = {
  profile: { fields: { description: 'OpenID Connect built-in scope: profile' } },
  'orders.read': { roles: ['client:shop:read'] },
  'orders.write': { roles: ['client:shop:write'], fields: { description: 'Place orders', resource: 'shop' } },
  plain: {},
  'admin:users.write': {},
  'given.out': {},
  managing: { roles: ['client:realm-management:manage-users'] },
  used: { usedBy: { clients: [{ id: 'u1', clientId: 'svc-till', as: 'always' }], ofNewClients: null } },
  'of-new': { usedBy: { clients: [], ofNewClients: 'on request' } },
}

/** Who calls: somebody of the realm, and with which scopes in the token. */
export interface Caller {
  id: string
  scopes?: readonly string[]
}

/** The endpoints for scopes, on HTTP, over a realm in memory; ada is calling unless it is said. */
export async function serveScopes(plan: ScopePlan = SCOPES) {
  const realm = fakeRealm(REALM)
  const scopes = fakeScopes(plan, realm.roles)
  const rows: { action: string; outcome: string; before: string | null; after: string | null }[] = []
  const logged: string[] = []
  const forgotten: number[] = []
  const audit = createAudit({
    queue: { push: (row) => void rows.push(row), store: async (row) => void rows.push(row) },
    fold: (write) => ({ take: write, close: () => undefined }),
    now: () => 0,
  })
  const { users, roles } = realm
  const desk = createScopeDesk({
    ...{ scopes: scopes.port, roles, audit, handedOut: ['given.out', 'orders.read'] },
    log: createLog({ level: 'debug', write: (text) => void logged.push(text) }),
    inTurn: createLocalTurns().run,
    authorize: createAuthorize({ roles, users }),
    forget: async () => forgotten.push(scopes.writes.length),
  })
  let caller: Caller = { id: 'ada' }
  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    const { id, scopes: held = [] } = caller
    const username = id === 'robot' ? 'service-account-robot' : id
    const claims = { ...the.caller(), id, username, roles: [...realm.heldBy(id)], scopes: [...held] }
    setIdentity(req, { method: 'bearer', ...claims, issuer: 'x', tenant: null, accessToken: 't' })
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const routes = scopeRoutes({
    ...{ read: createReadScopes(scopes.port), change: createChangeScopes(desk) },
    ...{ jsonBody: jsonBody(() => undefined), prefix: '/api/v1' },
  })
  const server = express().disable('etag').use(arrive).use('/admin', routes).use(onError).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`

  return {
    ...{ scopes, rows, logged, forgotten },
    trail: () => rows.map(({ action, outcome }) => `${action} ${outcome}`),
    callAs: (next: Caller) => {
      caller = next
    },
    /** @param sent a text is sent as it is */
    async ask(
      method: string,
      path: string,
      sent?: unknown,
      headers: Record<string, string> = {},
    ): Promise<ScopeAnswer> {
      const type = sent === undefined ? {} : { 'content-type': 'application/json' }
      const text = typeof sent === 'string' ? sent : JSON.stringify(sent)
      const answer = await fetch(url + path, { method, headers: { ...type, ...headers }, body: text ?? null })
      const received = await answer.text()
      return {
        status: answer.status,
        headers: answer.headers,
        body: received === '' ? undefined : JSON.parse(received),
      }
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type ScopeWorld = Awaited<ReturnType<typeof serveScopes>>
