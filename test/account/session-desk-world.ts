import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { createAuthorize } from '../../src/access/authorize.ts'
import { ownSessionRoutes } from '../../src/account/own-session-routes.ts'
import { createOwnSessions } from '../../src/account/own-sessions.ts'
import { createAnyonesSessions } from '../../src/admin/sessions/anyones-sessions.ts'
import { createMayEndSessions } from '../../src/admin/sessions/may-end-sessions.ts'
import { sessionAdminRoutes } from '../../src/admin/sessions/session-admin-routes.ts'
import { type Identity, setIdentity } from '../../src/identity/identity.ts'
import { createEndSessions } from '../../src/identity/session/end-sessions.ts'
import { createListSessions } from '../../src/identity/session/list-sessions.ts'
import { createMemorySessionStore } from '../../src/identity/session/memory-session-store.ts'
import type { SessionRecord } from '../../src/identity/session/session.ts'
import type { AuditEvent } from '../../src/platform/audit/audit-event.ts'
import { failure } from '../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../src/platform/errors/from-stranger.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { attachContext } from '../../src/platform/observability/request-context.ts'
import { fakeRealm, type RealmPlan } from '../admin/fake-realm.ts'
import { save } from '../contracts/store-world.ts'
import { contextFor } from '../platform/observability/context-for.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { fakeKeycloakSessions } from './fake-keycloak-sessions.ts'

export interface DeskAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  body: any
}

export const ISSUER = the.record(0).issuer
const REALM: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [] },
  people: { ada: { roles: ['realm:admin'] }, alice: {}, bob: {}, carol: {} },
}
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

/** Both desks over a store in memory and a Keycloak that is a fake; who calls is said by `as`. */
export async function openDesk({ keycloak: withKeycloak = true, realm: plan = REALM } = {}) {
  const clock = testClock()
  const store = createMemorySessionStore({ clock, idleTimeout: 1_800 })
  const fake = fakeKeycloakSessions(() => clock.now())
  const keycloak = withKeycloak ? fake : undefined
  const realm = fakeRealm(plan)
  const ended: string[] = []
  const audited: AuditEvent[] = []
  const trail = { note: (event: AuditEvent) => void audited.push(event) }
  const revoked: string[] = []
  const log = silentLog
  const endSession = async (id: string, why: string) => {
    await store.destroy(id)
    ended.push(`${id} ${why}`)
  }
  const revoke = async (token: string) => void revoked.push(token)
  const list = createListSessions({ store, keycloak, issuer: ISSUER, log })
  const end = createEndSessions({ store, endSession, keycloak, revoke, issuer: ISSUER, log })
  const users = {
    async read(id: string) {
      fake.look()
      return realm.users.read(id)
    },
  }
  const authorize = createAuthorize({ roles: realm.roles, users })
  const mayEnd = createMayEndSessions({ rules: withKeycloak ? { authorize, users } : undefined, log })
  let caller: Identity | undefined

  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    if (caller !== undefined) setIdentity(req, caller)
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const app = express().use(arrive)
  app.use('/me', ownSessionRoutes(createOwnSessions({ list, end, store, keycloak }), trail))
  app.use('/admin', sessionAdminRoutes(createAnyonesSessions({ list, end, mayEnd, store, issuer: ISSUER, log }), trail))
  app.use((_req, res) => void res.status(404).json({}))
  app.use(onError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    clock,
    store,
    keycloak: fake,
    realm,
    ended,
    audited,
    revoked,
    /** Signs somebody in, at Keycloak too. */
    async signIn(id: string, person = 'alice', changes: Partial<SessionRecord> = {}) {
      const record = the.record(clock.now(), {
        caller: { ...the.caller(), id: person, username: person },
        providerSessionId: `sid-of-${id}`,
        device: 'Firefox 140 on Linux',
        address: '192.0.2.7',
        ...changes,
      })
      await store.addTokens(id, the.tokens(clock.now(), { refreshToken: `refresh-of-${id}` }))
      await save(store, id, { record })
      await store.index(id, record)
      const sid = record.providerSessionId ?? ''
      if (!fake.sids().includes(sid)) fake.open(record.caller.id, sid)
    },
    /** @param roles what the token says; without it what the realm says */
    bySession(sessionId: string, person = 'alice', roles = [...realm.heldBy(person)]) {
      const claims = { ...the.caller(), id: person, roles, issuer: ISSUER, tenant: null, accessToken: 'opaque' }
      caller = { method: 'session', sessionId, ...claims }
    },
    byBearer(person: string, claims: object) {
      const accessToken = jwt({ sub: person, ...claims })
      caller = { method: 'bearer', ...the.caller(), id: person, issuer: ISSUER, tenant: null, accessToken }
    },
    async ask(path: string, method = 'GET'): Promise<DeskAnswer> {
      const answer = await fetch(url + path, { method })
      return { status: answer.status, headers: answer.headers, body: await answer.json() }
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>
