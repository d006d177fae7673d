import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { setIdentity } from '../../src/identity/identity.ts'
import type { Audit } from '../../src/platform/audit/audit.ts'
import { failure } from '../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../src/platform/errors/from-stranger.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { jsonBody } from '../../src/platform/http/json-body.ts'
import { createLog } from '../../src/platform/observability/log.ts'
import { attachContext } from '../../src/platform/observability/request-context.ts'
import { createLocalTurns } from '../../src/platform/redis/turns.ts'
import { createChangeScopes } from '../../src/service-clients/change-scopes.ts'
import { createClientInput } from '../../src/service-clients/client-input.ts'
import { createGrants } from '../../src/service-clients/grants.ts'

import { createRegisterClient } from '../../src/service-clients/register-client.ts'
import { serviceClientRoutes } from '../../src/service-clients/service-client-routes.ts'
import { createServiceClients } from '../../src/service-clients/service-clients.ts'
import { contextFor } from '../platform/observability/context-for.ts'
import { testClock } from '../support/test-clock.ts'
import { the } from '../support/the.ts'
import { fakeKeycloak, SCOPES } from './fake-keycloak.ts'

const HANDED_OUT = Object.keys(SCOPES).filter((name) => name !== 'plain')
HANDED_OUT.push('admin:users.write')

/** The endpoints over a Keycloak that is a fake; the caller is an administrator with the roles of `roles`. */
export async function openClientsDesk({ off = false, keyHosts = ['keys.test', 'keys.test:8443'] } = {}) {
  const clock = testClock()
  const fake = fakeKeycloak(() => clock.now())
  const { keycloak } = fake
  const logged: string[] = []
  const log = createLog({ level: 'debug', write: (text) => void logged.push(text) })
  const roles = ['realm:admin', 'realm:staff', 'client:orders-api:reader', 'client:orders-api:writer']
  const ended: { account: string; at: number }[] = []
  const audited: string[] = []
  const prefix = 'svc-'
  const grants = createGrants(keycloak, HANDED_OUT, async (by, given) => {
    const keys = given.map(({ name, owner }) => (owner === null ? `realm:${name}` : `client:${owner.clientId}:${name}`))
    if (!keys.every((key) => by.roles.includes(key))) throw new GatewayError('INSUFFICIENT_PERMISSIONS')
  })
  const clients = createServiceClients({
    ...{ keycloak, prefix, grants, clock },
    scopes: HANDED_OUT,
    register: createRegisterClient({ keycloak, grants, prefix, clock, log }),
    changeScopes: createChangeScopes({ keycloak, log }),
    endAccess: async (account, at) => void ended.push({ account, at }),
    inTurn: createLocalTurns().run,
  })
  const audit: Pick<Audit, 'change'> = {
    async change(event, change) {
      audited.push(event.action)
      return change()
    },
  }

  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    const caller = { ...the.caller(), id: 'ada', username: 'ada', roles }
    setIdentity(req, { ...caller, method: 'bearer', issuer: 'x', tenant: null, accessToken: 'x' })
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const routes = serviceClientRoutes({
    clients: off ? undefined : clients,
    input: createClientInput({ prefix, keyHosts }),
    audit,
    jsonBody: jsonBody(() => undefined),
  })
  const app = express().use(arrive).use('/clients', routes)
  app.use((_req, res) => void res.status(404).json({ error: { code: 'NOT_FOUND' } }))
  app.use(onError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/clients`

  return {
    ...{ clock, fake, roles, ended, audited },
    logged: () => logged.join(''),
    /** A body that is text is sent as it stands. */
    async ask(method: string, path: string, body?: unknown, type = 'application/json') {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const sent = body === undefined ? {} : { body: text, headers: { 'content-type': type } }
      const response = await fetch(url + path, { method, ...sent })
      // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
      const answer = (await response.json()) as any
      return { status: response.status, headers: response.headers, body: answer, code: answer.error?.code as string }
    },
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
