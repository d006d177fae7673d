import { Router } from 'express'
import { createAuthorize } from '../../src/access/authorize.ts'
import { ownSessionRoutes } from '../../src/account/own-session-routes.ts'
import { createOwnSessions } from '../../src/account/own-sessions.ts'
import { createAnyonesSessions } from '../../src/admin/sessions/anyones-sessions.ts'
import { createMayEndSessions } from '../../src/admin/sessions/may-end-sessions.ts'
import { sessionAdminRoutes } from '../../src/admin/sessions/session-admin-routes.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { createEndSessions } from '../../src/identity/session/end-sessions.ts'
import { createListSessions } from '../../src/identity/session/list-sessions.ts'
import { createMemorySessionStore } from '../../src/identity/session/memory-session-store.ts'
import type { SessionRecord } from '../../src/identity/session/session.ts'
import type { AuditEvent } from '../../src/platform/audit/audit-event.ts'
import { silentLog } from '../../src/platform/observability/log.ts'
import { fakeRealm, type RealmPlan } from '../admin/fake-realm.ts'
import { type DeskAnswer, serveDesk } from '../admin/serve-desk.ts'
import { save } from '../contracts/store-world.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { fakeKeycloakSessions } from './fake-keycloak-sessions.ts'

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

  const both = Router()
    .use('/me', ownSessionRoutes(createOwnSessions({ list, end, store, keycloak }), trail))
    .use('/admin', sessionAdminRoutes(createAnyonesSessions({ list, end, mayEnd, store, issuer: ISSUER, log }), trail))
  const served = await serveDesk({ routers: () => [both], caller: () => caller, below: '' })

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
    ask: (path: string, method = 'GET'): Promise<DeskAnswer> => served.ask(method, path),
    close: served.close,
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>
