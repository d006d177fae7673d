import { expect } from 'chai'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'
import type { RawRequest } from '../support/raw-messages.ts'
import { until } from './until.ts'

const SECURITY = ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'referrer-policy']
const PAGE = { Accept: 'text/html' }

/** One request for every kind of answer that the gateway makes by itself. */
const everyKindOfAnswer: readonly (readonly [what: string, status: number, request: RawRequest])[] = [
  ['health', 200, { target: '/health' }],
  ['readiness', 200, { target: '/ready' }],
  ['a sign-in that cannot begin', 503, { target: '/login', headers: PAGE }],
  ['a way to the sign-in', 302, { target: '/private', headers: PAGE }],
  ['a way to the sign-in from an own page', 302, { target: '/me', headers: PAGE }],
  [
    'a page that comes back to itself',
    200,
    {
      target: '/private',
      headers: { ...PAGE, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'cross-site' },
    },
  ],
  ['an ambiguous path', 400, { target: '/a/../b' }],
  ['a WebSocket', 400, { target: '/public', headers: { Upgrade: 'websocket', Connection: 'Upgrade' } }],
  ['nobody', 401, { target: '/private' }],
  ['nobody at an own endpoint', 401, { target: '/me' }],
  ['a forgery', 403, { target: '/private', headers: { Origin: 'https://evil.example' } }],
  ['nothing there', 404, { target: '/nowhere' }],
  ['nothing there, as a page', 404, { target: '/nowhere', headers: PAGE }],
  ['another method', 405, { method: 'DELETE', target: '/public' }],
  ['another method at an own endpoint', 405, { method: 'PUT', target: '/health' }],
  ['TRACE', 405, { method: 'TRACE', target: '/public' }],
  ['too large a body', 413, { method: 'POST', target: '/public', body: 'x'.repeat(1_001) }],
  ['too long a target', 414, { target: `/${'a'.repeat(9_000)}` }],
  ['an odd expectation', 417, { target: '/public', headers: { Expect: 'tea' } }],
  ['a foreign host', 421, { target: '/public', headers: { Host: 'evil.example' } }],
  ['an unknown method', 501, { method: 'PROPFIND', target: '/public' }],
  ['an upstream that is away', 502, { target: '/gone' }],
  ['a proxied answer', 200, { target: '/public' }],
  [
    'a preflight of a route',
    204,
    {
      method: 'OPTIONS',
      target: '/public',
      headers: { Origin: 'https://spa.example', 'Access-Control-Request-Method': 'PUT' },
    },
  ],
  [
    'a preflight of an own endpoint',
    204,
    {
      method: 'OPTIONS',
      target: '/me',
      headers: { Origin: 'https://spa.example', 'Access-Control-Request-Method': 'GET' },
    },
  ],
]

describe('the arrival of a request', () => {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  before(async () => {
    upstream = await startEchoUpstream()
    const route = { upstream: upstream.origin, methods: ['GET', 'POST'] }
    gateway = await startGateway({
      env: { MAX_BODY: '1000', ALLOWED_ORIGINS: 'https://spa.example' },
      routes: [
        { ...route, id: 'public', path: '/public', auth: 'none' },
        { ...route, id: 'private', path: '/private', auth: ['session', 'bearer'] },
        { ...route, id: 'gone', path: '/gone', auth: 'none', upstream: 'http://127.0.0.1:9' },
      ],
    })
    client = rawClient(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
  })

  for (const [what, status, request] of everyKindOfAnswer)
    it(`gives every answer an id and security headers: ${what}`, async () => {
      const answer = await client.ask(request)
      expect(answer.status).to.equal(status)
      for (const name of SECURITY) expect(answer.header(name), name).to.be.a('string')
      expect(answer.values('x-content-type-options')).to.deep.equal(['nosniff'])
      expect(answer.header('x-powered-by')).to.equal(undefined)
      expect(answer.header('x-request-id')).to.match(/^[0-9a-f]{24}$/)
    })

  const linesOf = (id: string | undefined) =>
    gateway.logged().filter((line) => line.message === 'request' && line.correlationId === id)

  it('writes one line in the log for each, under the same id', async () => {
    for (const [what, status, request] of everyKindOfAnswer) {
      const id = (await client.ask(request)).header('x-request-id')
      await until(() => linesOf(id).length > 0)
      expect(
        linesOf(id).map((line) => line.status),
        what,
      ).to.deep.equal([status])
    }
  })

  it('logs the path as it was understood, and no query', async () => {
    const id = (await client.ask({ target: '/public/%61bc?token=secret' })).header('x-request-id')
    await until(() => linesOf(id).length > 0)
    expect(linesOf(id)[0]).to.include({ method: 'GET', path: '/public/abc', route: 'public', client: '127.0.0.1' })
    expect(gateway.logText()).not.to.contain('secret')
  })
})
