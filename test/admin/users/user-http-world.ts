import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import type { RolesOfUser } from '../../../src/admin/users/assign-to-users.ts'
import { createReadUsers } from '../../../src/admin/users/read-users.ts'
import { userAccessRoutes } from '../../../src/admin/users/user-access-routes.ts'
import { userRoutes } from '../../../src/admin/users/user-routes.ts'
import { setIdentity } from '../../../src/identity/identity.ts'
import { createMemoryCache } from '../../../src/platform/cache/memory-cache.ts'
import { failure } from '../../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../../src/platform/errors/from-stranger.ts'
import { GatewayError, unavailable } from '../../../src/platform/errors/gateway-error.ts'
import { jsonBody } from '../../../src/platform/http/json-body.ts'
import type { UserDetail, UserQuery } from '../../../src/platform/keycloak/people/keycloak-admin.ts'
import { attachContext } from '../../../src/platform/observability/request-context.ts'
import { contextFor } from '../../platform/observability/context-for.ts'
import { testClock } from '../../support/test-clock.ts'
import { fakeKeycloakAdmin } from '../fake-keycloak-admin.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { openUserDesk } from './user-desk-world.ts'

export interface UserAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  body: any
}

const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [], 'client:shop:read': [] },
  groups: { staff: { roles: ['realm:customer'] } },
  people: { ada: { roles: ['realm:admin'] }, ann: {} },
}

/** The endpoints for users, on HTTP, over a realm in memory; ada is calling. */
export async function serveUsers() {
  const desk = openUserDesk(PLAN)
  const clock = testClock()
  const state = { isAway: false, isOpen: false, known: undefined as UserDetail | undefined }
  const fake = fakeKeycloakAdmin([desk.realm.person('ada'), desk.realm.person('ann')])
  const roles = createMemoryCache<RolesOfUser>({ name: 'roles', ttl: 60, maxSize: 10, clock, keepStale: 3_600 })
  const people = {
    ...fake,
    async user(id: string) {
      if (state.isAway) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to be away')
      return desk.realm.person(id)
    },
    async findUsers(query: UserQuery) {
      if (state.isAway) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to be away')
      return fake.findUsers(query)
    },
    lastKnown: {
      ...fake.lastKnown,
      user: () => (state.known === undefined ? undefined : { value: state.known, ageMs: 61_500 }),
      users: () =>
        state.known === undefined ? undefined : { value: { users: [state.known], total: 1 }, ageMs: 61_500 },
    },
  }
  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    setIdentity(req, desk.as('ada').identity)
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const body = jsonBody(() => undefined)
  const app = express().disable('etag').use(arrive)
  async function rolesOf(id: string): Promise<RolesOfUser> {
    if (state.isAway) throw unavailable('KEYCLOAK_UNAVAILABLE', 'told to be away')
    return desk.assign.roles(id)
  }
  const read = createReadUsers(people, rolesOf, roles, () => state.isOpen)
  app.use('/admin', userRoutes({ read, change: desk.change, jsonBody: body, prefix: '/api/v1' }))
  app.use('/admin', userAccessRoutes({ read, secure: desk.secure, assign: desk.assign, jsonBody: body }))
  app.use(() => {
    throw new GatewayError('NOT_FOUND')
  })
  app.use(onError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`

  return {
    ...desk,
    ...{ state, clock },
    forgetRoles: roles.clear,
    asked: people.asked,
    /** @param body a text is sent as it is */
    async ask(method: string, path: string, sent?: unknown, headers: Record<string, string> = {}): Promise<UserAnswer> {
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

export type UserHttpWorld = Awaited<ReturnType<typeof serveUsers>>
