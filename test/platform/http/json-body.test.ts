import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { fromStranger } from '../../../src/platform/errors/from-stranger.ts'
import { jsonBody } from '../../../src/platform/http/json-body.ts'

describe('A JSON body', () => {
  let port = 0
  let letCome = 0
  const onError: ErrorRequestHandler = (error, _req, res, _next) => {
    const { status, code, details } = fromStranger(error)
    res.status(status).json({ code, details })
  }
  const echo: RequestHandler = (req, res) => void res.json({ body: req.body ?? 'none' })
  const app = express()
  app.post(
    '/',
    jsonBody(() => void letCome++),
    echo,
  )
  app.use(onError)
  const server = app.listen(0, '127.0.0.1')

  before(async () => {
    if (!server.listening) await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  beforeEach(() => {
    letCome = 0
  })

  async function post(body: string | Buffer | undefined, headers: Record<string, string> = {}) {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', headers })
    sent.end(body)
    const [answer] = await once(sent, 'response')
    let text = ''
    for await (const chunk of answer) text += String(chunk)
    return JSON.parse(text) as unknown
  }
  const json = { 'content-type': 'application/json' }

  it('is read', async () => {
    expect(await post('{"caches":["jwks"]}', json)).to.deep.equal({ body: { caches: ['jwks'] } })
    expect(await post('[1]', { 'content-type': 'application/json; charset=utf-8' })).to.deep.equal({ body: [1] })
    expect(letCome).to.equal(2)
  })

  it('may be left out', async () => {
    expect(await post(undefined, { 'content-length': '0' })).to.deep.equal({ body: 'none' })
  })

  // A check for members that come twice reads UTF-8, and would see nothing of these.
  const utf16 = Buffer.from('{"a":1,"a":2}', 'utf16le')
  const REFUSED: [what: string, body: string | Buffer, headers: Record<string, string>, code: string][] = [
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a text', '{"a":1}', { 'content-type': 'text/plain' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body of no type', '{"a":1}', {}, 'UNSUPPORTED_MEDIA_TYPE'],
    ['broken JSON', '{"a":', json, 'INVALID_REQUEST'],
    ['a bare value', '"text"', json, 'INVALID_REQUEST'],
    ['too much', JSON.stringify('x'.repeat(110_000)), json, 'PAYLOAD_TOO_LARGE'],
    ['an unknown charset', '{}', { 'content-type': 'application/json; charset=iso-8859-1' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['UTF-16', utf16, { 'content-type': 'application/json; charset=utf-16le' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['bytes that are no UTF-8', Buffer.from('{"a":"\xff\xc3"}', 'latin1'), json, 'INVALID_REQUEST'],
    ['an unknown encoding', '{}', { ...json, 'content-encoding': 'zip' }, 'UNSUPPORTED_MEDIA_TYPE'],
  ]
  for (const [what, body, headers, code] of REFUSED) {
    it(`is not ${what}: ${code}`, async () => expect(await post(body, headers)).to.include({ code }))
  }

  it('that is none is named as what is wrong', async () => {
    for (const body of ['{"a":', 'null', '"text"', Buffer.from([0x7b, 0xff, 0x7d])])
      expect(await post(body, json)).to.have.nested.property('details.fields[0].field', '(body)')
  })
})
