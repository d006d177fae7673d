import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { GatewayError } from '../../../src/platform/errors/gateway-error.ts'
import { isNavigation } from '../../../src/platform/http/navigation.ts'
import { createErrorHandler } from '../../../src/platform/observability/error-handler.ts'
import { createLog } from '../../../src/platform/observability/log.ts'
import { attachContext } from '../../../src/platform/observability/request-context.ts'
import { contextFor } from './context-for.ts'

describe('The error handler', () => {
  let logged = ''
  const keep = (text: string) => {
    logged += text
  }
  const log = createLog({ level: 'debug', write: keep })
  const render = createErrorHandler({
    log,
    isNavigation,
    page: (error, id) => ({ html: `<h1>${error.code} ${id}</h1>`, contentSecurityPolicy: "default-src 'none'" }),
    decorate: (res) => void res.setHeader('X-Frame-Options', 'DENY'),
  })
  let handle: (req: IncomingMessage, res: ServerResponse) => void
  const server = createServer((req, res) => {
    attachContext(req, contextFor({ requestId: 'req-7' }))
    handle(req, res)
  })
  let url = ''

  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  beforeEach(() => {
    logged = ''
  })
  const failing = (thrown: unknown) => {
    handle = (req, res) => render(thrown, req, res)
  }

  it('answers programs with the envelope, its status, headers and request id', async () => {
    failing(new GatewayError('TOKEN_EXPIRED', { headers: { 'WWW-Authenticate': 'Bearer realm="cloakroom"' } }))
    const answer = await fetch(url)
    expect(answer.status).to.equal(401)
    expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8')
    expect(answer.headers.get('www-authenticate')).to.equal('Bearer realm="cloakroom"')
    expect(answer.headers.get('cache-control')).to.equal('no-store')
    expect(answer.headers.get('x-request-id')).to.equal('req-7')
    expect(answer.headers.get('x-frame-options')).to.equal('DENY')
    const { error } = (await answer.json()) as { error: object }
    expect(error).to.include({ code: 'TOKEN_EXPIRED', correlationId: 'req-7' })
  })

  it('answers with problem details when they are asked for', async () => {
    failing(new GatewayError('NOT_FOUND'))
    const answer = await fetch(url, { headers: { accept: 'application/json;q=0.5, application/problem+json' } })
    expect(answer.headers.get('content-type')).to.equal('application/problem+json')
    expect(await answer.json()).to.include({ status: 404, code: 'NOT_FOUND', type: 'urn:cloakroom:error:not-found' })
  })

  it('answers people with a page, under its own content policy', async () => {
    failing(new GatewayError('NOT_FOUND'))
    for (const headers of [{ 'sec-fetch-mode': 'navigate' }, { accept: 'text/html,*/*' }]) {
      const answer = await fetchWith(headers)
      expect(answer.status).to.equal(404)
      expect(answer.type).to.equal('text/html; charset=utf-8')
      expect(answer.body).to.equal('<h1>NOT_FOUND req-7</h1>')
      expect(answer.policy).to.equal("default-src 'none'")
    }
  })

  it('answers HEAD without a body, and with its length', async () => {
    failing(new GatewayError('NOT_FOUND'))
    const answer = await fetch(url, { method: 'HEAD' })
    expect(Number(answer.headers.get('content-length'))).to.be.greaterThan(100)
    expect(await answer.text()).to.equal('')
  })

  it('says nothing of what went wrong inside, but logs it with the stack', async () => {
    failing(new TypeError('canary: cannot read x of undefined'))
    const text = await (await fetch(url)).text()
    expect(text).to.contain('Something went wrong on our side.')
    expect(text).not.to.contain('canary')
    const [line] = logged.trim().split('\n')
    const entry = JSON.parse(line ?? '') as { level: string; error: { message: string; stack: string } }
    expect(entry.level).to.equal('error')
    expect(entry.error.message).to.contain('canary')
    expect(entry.error.stack).to.contain('error-handler.test.ts')
  })

  it('wakes nobody for what mends itself, and notes refusals for developers only', async () => {
    failing(new GatewayError('UPSTREAM_TIMEOUT', { reason: 'orders took 30 s' }))
    await fetch(url)
    failing(new GatewayError('CSRF_REJECTED', { reason: 'no X-CSRF' }))
    await fetch(url)
    const entries = logged
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(entries[0]).to.include({ level: 'warn', errorCode: 'UPSTREAM_TIMEOUT', reason: 'orders took 30 s' })
    expect(entries[1]).to.include({ level: 'debug', errorCode: 'CSRF_REJECTED', reason: 'no X-CSRF' })
  })

  it('closes the connection when a body was announced and not read', async () => {
    failing(new GatewayError('PAYLOAD_TOO_LARGE'))
    const announced = request(url, { method: 'POST', headers: { 'content-length': 100_000 } })
    announced.on('error', () => undefined)
    announced.flushHeaders()
    const [answer] = (await once(announced, 'response')) as [IncomingMessage]
    expect(answer.headers.connection).to.equal('close')
    announced.destroy()
    const plain = await fetchWith({})
    expect(plain.connection).not.to.equal('close')
  })

  it('cuts off an answer that has begun, so that nobody takes half of it for the whole', async () => {
    handle = (req, res) => {
      res.writeHead(200, { 'content-length': 1_000 })
      res.write('half')
      render(new Error('broken'), req, res)
    }
    const outcome = await fetch(url)
      .then((answer) => answer.text())
      .catch(() => 'cut off')
    expect(outcome).to.equal('cut off')
  })

  it('notes the refusal for the access log', () => {
    const context = contextFor({ requestId: 'req-8' })
    const req = { headers: {}, method: 'GET', complete: true } as IncomingMessage
    attachContext(req, context)
    render(new GatewayError('RATE_LIMITED'), req, {
      headersSent: true,
      destroy: () => undefined,
    } as unknown as ServerResponse)
    expect(context.refusal).to.equal('RATE_LIMITED')
  })

  async function fetchWith(headers: Record<string, string>) {
    // node:http, because fetch sets Fetch Metadata headers of its own.
    const sent = request(url, { headers }).end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    let body = ''
    for await (const chunk of answer) body += String(chunk)
    const { 'content-type': type, 'content-security-policy': policy, connection } = answer.headers
    return { status: answer.statusCode, type, policy, connection, body }
  }
})
