import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import type { Register } from '../../src/account/registration.ts'
import { visitorRoutes } from '../../src/account/visitor-routes.ts'
import { failure } from '../../src/platform/errors/envelope.ts'
import { fromStranger } from '../../src/platform/errors/from-stranger.ts'
import { jsonBody } from '../../src/platform/http/json-body.ts'
import { attachContext } from '../../src/platform/observability/request-context.ts'
import { contextFor } from '../platform/observability/context-for.ts'

const by = { actor: { kind: 'anonymous', id: null, username: null, client: null }, address: null } as const
const wanted = { email: 'dinah@example.com', password: 'a-cat-of-the-house', firstName: 'Dinah', lastName: 'Cat' }

describe('What strangers may ask for', () => {
  const registered: string[] = []
  const closing: (() => void)[] = []
  afterEach(() => {
    registered.length = 0
    for (const close of closing.splice(0)) close()
  })

  async function open(register: Register | undefined) {
    const arrive: RequestHandler = (req, _res, next) => {
      attachContext(req, contextFor({ requestId: 'req-9' }))
      next()
    }
    const onError: ErrorRequestHandler = (thrown, _req, res, _next) => {
      const error = fromStranger(thrown)
      res.status(error.status).set(error.headers).json(failure(error, 'req-9'))
    }
    const parts = { register, links: undefined, countMail: async () => undefined, auditor: () => ({ ...by }) }
    const routes = visitorRoutes({ ...parts, jsonBody: jsonBody(() => undefined) })
    const server = express().use(arrive).use('/users', routes).use(onError).listen(0, '127.0.0.1')
    closing.push(() => void server.close().closeAllConnections())
    await once(server, 'listening')
    return async (method: string, body?: object) => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/users`
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(url, { method, ...(body && { headers, body: JSON.stringify(body) }) })
      // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is answered
      const { error } = (await answer.json()) as any
      return { status: answer.status, allow: answer.headers.get('allow'), error }
    }
  }
  const register: Register = async ({ email }) => void registered.push(email)

  it('is nothing at all where registration is off, whatever the method', async () => {
    const ask = await open(undefined)
    for (const method of ['POST', 'GET', 'DELETE'])
      expect(await ask(method), method).to.nested.include({ status: 404, allow: null, 'error.code': 'NOT_FOUND' })
  })

  it('is registration, and no other method, where it is on', async () => {
    const ask = await open(register)
    expect((await ask('POST', wanted)).status).to.equal(202)
    expect(await ask('GET')).to.include({ status: 405, allow: 'POST' })
    expect(registered).to.deep.equal([wanted.email])
  })

  it('is no name under which administrators would take somebody for a service client', async () => {
    const ask = await open(register)
    for (const email of ['service-account-joe@example.com', ' Service-Account-@example.com']) {
      const { status, error } = await ask('POST', { ...wanted, email })
      expect([status, error.details.fields]).to.deep.equal([
        400,
        [{ field: 'email', problem: 'is kept for service clients' }],
      ])
    }
    expect(registered).to.deep.equal([])
  })
})
