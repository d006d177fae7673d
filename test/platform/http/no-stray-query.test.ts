import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express, { type ErrorRequestHandler } from 'express'
import { z } from 'zod'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { noStrayQuery } from '../../../src/platform/http/no-stray-query.ts'
import type { Operation } from '../../../src/platform/http/operation.ts'

const operation = (method: Operation['method'], path: string, query?: z.ZodObject): Operation => ({
  ...{ id: `${method}${path}`, method, path, tag: 'things', summary: 'Things', who: 'administrator', answers: {} },
  ...{ errors: [], ...(query === undefined ? {} : { query }) },
})
const OPERATIONS = [
  operation('get', '{prefix}/admin/things', z.strictObject({ max: z.string() })),
  operation('post', '{prefix}/admin/things'),
  operation('get', '{prefix}/admin/things/{id}'),
  operation('get', '{prefix}/elsewhere/{id}'),
]

describe('A query', () => {
  let server: Server
  beforeEach(async () => {
    const refuse: ErrorRequestHandler = (error, _req, res, _next) => {
      res.status(400).json(error instanceof GatewayError ? error.details : String(error))
    }
    const app = express()
      .use('/api', noStrayQuery(OPERATIONS, '{prefix}/admin'), (_req, res) => void res.json('done'))
      .use(refuse)
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => void server.close())

  async function ask(method: string, path: string) {
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/api${path}`, { method })
    return { status: answer.status, text: await answer.text() }
  }

  for (const [method, path] of [
    ['GET', '/things/7?expand=all'],
    ['HEAD', '/things/7?expand'],
    ['POST', '/things?dryRun=true'],
    ['POST', '/things?max=1'],
  ] as const)
    it(`is refused where none is read: ${method} ${path}`, async () => {
      const { status, text } = await ask(method, path)
      expect(status).to.equal(400)
      if (method !== 'HEAD') expect(text).to.match(/"field":"(expand|dryRun|max)","problem":"is not known here"/)
    })

  for (const [method, path] of [
    ['GET', '/things/7'],
    ['GET', '/things/7?'],
    ['GET', '/things?max=1'],
    ['PUT', '/things/7?left=alone'],
    ['GET', '/things/7/parts?left=alone'],
  ] as const)
    it(`is left to the handler otherwise: ${method} ${path}`, async () => {
      expect((await ask(method, path)).status).to.equal(200)
    })
})
