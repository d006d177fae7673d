import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express'
import { type Identity, setIdentity } from '../../src/identity/identity.ts'
import { failure } from '../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../src/platform/errors/from-stranger.ts'
import { GatewayError } from '../../src/platform/errors/gateway-error.ts'
import { jsonBody } from '../../src/platform/http/json-body.ts'
import { attachContext } from '../../src/platform/observability/request-context.ts'
import { contextFor } from '../platform/observability/context-for.ts'

export interface DeskAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
  body: any
}

interface DeskParts {
  /** Mounted side by side below `below`; made with what parses the bodies. */
  routers: (jsonBody: RequestHandler[]) => readonly Router[]
  /** Who calls now; nobody where it answers undefined. */
  caller: () => Identity | undefined
  below?: string
}

/** Routers on HTTP, behind an identity and before the error handler, without what else stands around them in a gateway. */
export async function serveDesk({ routers, caller, below = '/admin' }: DeskParts) {
  const arrive: RequestHandler = (req, _res, next) => {
    attachContext(req, contextFor({ requestId: 'req-9' }))
    const identity = caller()
    if (identity !== undefined) setIdentity(req, identity)
    next()
  }
  const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
    const error = fromStranger(thrown)
    res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
  }
  const app = express().disable('etag').use(arrive)
  for (const router of routers(jsonBody(() => undefined))) app.use(below, router)
  app.use(() => {
    throw new GatewayError('NOT_FOUND')
  })
  app.use(onError)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${below}`
  return {
    /** @param sent a text is sent as it is, anything else as JSON */
    async ask(method: string, path: string, sent?: unknown, headers: Record<string, string> = {}): Promise<DeskAnswer> {
      const type = sent === undefined ? {} : { 'content-type': 'application/json' }
      const body = typeof sent === 'string' ? sent : JSON.stringify(sent)
      const answer = await fetch(url + path, { method, headers: { ...type, ...headers }, body: body ?? null })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type ServedDesk = Awaited<ReturnType<typeof serveDesk>>

/** What is wrong with which fields, by what was answered. */
export const wrongFields = ({ body }: DeskAnswer): string[] =>
  (body.error?.details?.fields ?? []).map(({ field }: { field: string }) => field)
