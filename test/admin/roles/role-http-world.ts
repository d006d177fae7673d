import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { roleRoutes } from '../../../src/admin/roles/role-routes.ts'
import { setIdentity } from '../../../src/identity/identity.ts'
import { failure } from '../../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../../src/platform/errors/from-stranger.ts'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { jsonBody } from '../../../src/platform/http/json-body.ts'
import { attachContext } from '../../../src/platform/observability/request-context.ts'
import { contextFor } from '../../platform/observability/context-for.ts'
import { openShop } from './role-shop.ts'

export interface RoleAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  body: any
}

/** The endpoints for roles, on HTTP, over roles in memory; ada is calling. */
export async function serveRoles() {
  const desk = openShop()
  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    setIdentity(req, desk.as('ada').identity)
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const { read, change, compose } = desk
  const app = express().disable('etag').use(arrive)
  app.use('/admin', roleRoutes({ read, change, compose, jsonBody: jsonBody(() => undefined), prefix: '/api/v1' }))
  app.use(() => {
    throw new GatewayError('NOT_FOUND')
  })
  app.use(onError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin`

  return {
    ...desk,
    /** @param sent a text is sent as it is */
    async ask(method: string, path: string, sent?: unknown, headers: Record<string, string> = {}): Promise<RoleAnswer> {
      const type = sent === undefined ? {} : { 'content-type': 'application/json' }
      const text = typeof sent === 'string' ? sent : JSON.stringify(sent)
      const answer = await fetch(url + path, { method, headers: { ...type, ...headers }, body: text ?? null })
      const received = await answer.text()
      const body = received === '' ? undefined : JSON.parse(received)
      return { status: answer.status, headers: answer.headers, body }
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type RoleHttpWorld = Awaited<ReturnType<typeof serveRoles>>
