import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { groupAccessRoutes } from '../../../src/admin/groups/group-access-routes.ts'
import { groupRoutes } from '../../../src/admin/groups/group-routes.ts'
import { createReadGroups } from '../../../src/admin/groups/read-groups.ts'
import { setIdentity } from '../../../src/identity/identity.ts'
import { failure } from '../../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../../src/platform/errors/from-stranger.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { jsonBody } from '../../../src/platform/http/json-body.ts'
import type { GroupView } from '../../../src/platform/keycloak/people/keycloak-admin.ts'
import { attachContext } from '../../../src/platform/observability/request-context.ts'
import { contextFor } from '../../platform/observability/context-for.ts'
import { fakeKeycloakAdmin, userNamed } from '../fake-keycloak-admin.ts'
import type { RealmPlan } from '../fake-realm.ts'
import { openGroupDesk } from './group-desk-world.ts'

export interface GroupAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  body: any
}

export const PLAN: RealmPlan = {
  roles: { 'realm:admin': [], 'realm:customer': [], 'client:shop:read': [] },
  groups: {
    staff: { roles: ['realm:customer'] },
    support: { above: 'staff', roles: [] },
    night: { above: 'support', roles: [] },
    other: { roles: [] },
  },
  people: { ada: { roles: ['realm:admin'] }, ann: { groups: ['support'] }, ben: {} },
}

/** The endpoints for groups, on HTTP, over a realm in memory; ada is calling. */
export async function serveGroups(plan: RealmPlan = PLAN, listed: readonly GroupView[] = []) {
  const desk = openGroupDesk(plan)
  const people = fakeKeycloakAdmin([userNamed('ann')], listed)
  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    setIdentity(req, desk.as('ada').identity)
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const { change, move, assign } = desk
  const body = jsonBody(() => undefined)
  const read = createReadGroups(people, desk.fake.groups, () => false)
  const app = express().disable('etag').use(arrive)
  app.use('/admin', groupRoutes({ read, change, move, jsonBody: body, prefix: '/api/v1' }))
  app.use('/admin', groupAccessRoutes({ read, assign, membership: desk.users.assign, jsonBody: body }))
  app.use(() => {
    throw new GatewayError('NOT_FOUND')
  })
  app.use(onError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`

  /** @param sent an object goes as JSON, a text as it is */
  async function ask(
    method: string,
    path: string,
    sent?: object | string,
    headers: Record<string, string> = {},
  ): Promise<GroupAnswer> {
    const typed = sent === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(url + path, {
      ...{ method, headers: { ...typed, ...headers } },
      ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) }
  }
  return {
    ...{ desk, people, ask },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type GroupHttpWorld = Awaited<ReturnType<typeof serveGroups>>
