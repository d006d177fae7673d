import { expect } from 'chai'
import { type GuardedGateway, startGuardedGateway } from '../proxy/guarded-gateway.ts'
import type { RawRequest } from '../support/raw-messages.ts'

const SHIELD = [
  ...['content-security-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy', 'referrer-policy'],
  ...['x-content-type-options', 'x-frame-options', 'x-request-id'],
]
const PAGE = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' }

/** One of each kind of answer, by its status. */
const kinds: readonly (readonly [what: string, status: number, request: RawRequest])[] = [
  ['an own endpoint', 200, { target: '/health' }],
  ['readiness', 200, { target: '/ready' }],
  ['a page', 200, { target: '/docs' }],
  ['a proxied answer', 200, { target: '/public' }],
  ['a redirect to the sign-in', 302, { target: '/orders', headers: PAGE }],
  ['the sign-in', 302, { target: '/login', headers: PAGE }],
  ['an ambiguous path', 400, { target: '/public/../x' }],
  ['a request without a host', 400, { target: '/public', headers: { Host: undefined } }],
  ['two hosts', 400, { target: '/public', headers: { Host: ['a', 'b'] } }],
  ['a callback out of nowhere', 400, { target: '/callback?code=x&state=y', headers: PAGE }],
  ['nobody', 401, { target: '/orders' }],
  ['nobody at an own endpoint', 401, { target: '/me' }],
  ['a bad token', 401, { target: '/orders', headers: { Authorization: 'Bearer x' } }],
  ['a forged request', 403, { method: 'POST', target: '/orders', headers: { Origin: 'https://evil.example' } }],
  ['nothing at this address', 404, { target: '/nowhere' }],
  ['nothing at this address, as a page', 404, { target: '/nowhere', headers: PAGE }],
  ['another method of a route', 405, { method: 'DELETE', target: '/public' }],
  ['another method of an own endpoint', 405, { method: 'PUT', target: '/me' }],
  ['TRACE', 405, { method: 'TRACE', target: '/public' }],
  ['too large a body', 413, { method: 'POST', target: '/public', headers: { 'Content-Length': '3000' } }],
  [
    'too large a body for an own endpoint',
    413,
    { method: 'POST', target: '/logout', headers: { 'Content-Length': '200000' } },
  ],
  ['too long an address', 414, { target: `/${'a'.repeat(9_000)}` }],
  ['an expectation', 417, { target: '/public', headers: { Expect: 'tea' } }],
  ['another host', 421, { target: '/public', headers: { Host: 'evil.example' } }],
  ['an unknown method', 501, { method: 'PROPFIND', target: '/public' }],
  ['an upstream that is not there', 502, { target: '/dead' }],
]

describe('Every answer', () => {
  let world: GuardedGateway
  before(async () => {
    world = await startGuardedGateway(
      (upstream) => [
        { id: 'orders', path: '/orders', upstream, auth: ['session', 'bearer'] },
        { id: 'public', path: '/public', upstream, auth: 'none', methods: ['GET', 'POST'] },
        { id: 'dead', path: '/dead', upstream: 'http://127.0.0.1:9', auth: 'none' },
      ],
      { RATE_LIMIT_AUTH_FAILURES: 'off', MAX_BODY: '2000' },
    )
  })
  after(() => world.stop())

  for (const [what, status, request] of kinds)
    it(`carries what protects a browser: ${what} (${status})`, async () => {
      const answer = await world.client.ask(request)
      expect(answer.status).to.equal(status)
      for (const name of SHIELD) expect(answer.values(name), name).to.have.length(1)
      for (const name of ['server', 'x-powered-by']) expect(answer.header(name), name).to.equal(undefined)
      if (answer.body.length > 0 || status >= 300)
        expect(answer.header('content-security-policy')).to.contain("frame-ancestors 'none'")
    })

  for (const [what, , request] of kinds.filter(([name]) => !['a proxied answer', 'a page'].includes(name)))
    it(`of the gateway's own is kept by nobody: ${what}`, async () => {
      expect((await world.client.ask(request)).values('cache-control')).to.deep.equal(['no-store'])
    })

  for (const [what, bytes] of [
    ['garbage', 'garbage\r\n\r\n'],
    ['a blank before a colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
    ['too many fields', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ] as const)
    it(`of the parser is short, is kept by nobody, and is the last one: ${what}`, async () => {
      const answer = await world.client.ask(bytes)
      const { status, body, header } = answer
      expect(status).to.be.within(400, 501)
      expect([body.length, header('cache-control'), header('connection')]).to.deep.equal([0, 'no-store', 'close'])
    })
})
