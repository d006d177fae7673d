import { once } from 'node:events'
import { createConnection } from 'node:net'
import { expect } from 'chai'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { jwt, leaksIn, opaque, TEXTS } from './canaries.ts'

/** Requests that carry secrets in every place a request has. */
const REQUESTS: [what: string, path: string, init: RequestInit][] = [
  ['a bearer token', '/api/orders', { headers: { authorization: `Bearer ${jwt}` } }],
  ['an opaque bearer token', '/me', { headers: { authorization: `Bearer ${opaque}` } }],
  ['a password', '/me', { headers: { authorization: `Basic ${btoa(`alice:${opaque}`)}` } }],
  ['a broken Authorization header', '/me', { headers: { authorization: opaque } }],
  ['a session cookie', '/me', { headers: { cookie: `cloakroom=s%3A${opaque}.${opaque}; x=${opaque}` } }],
  ['two session cookies', '/me', { headers: { cookie: `cloakroom=s%3A${opaque}.a; cloakroom=s%3A${opaque}.b` } }],
  ['a login cookie', '/callback?code=x&state=y', { headers: { cookie: `cloakroom-login-a1b2c3d4e5f6=${opaque}` } }],
  ['a callback', `/callback?code=${opaque}&state=${opaque}&iss=${opaque}&session_state=${opaque}`, {}],
  ['a callback with an error', `/callback?error=access_denied&error_description=${opaque}&state=${opaque}`, {}],
  ['a place to return to', `/login?returnTo=${encodeURIComponent(`/cb?code=${opaque}`)}&login_hint=${opaque}`, {}],
  ['a token in the query', `/api/orders?access_token=${opaque}`, {}],
  ['a token in the path', `/api/orders/${jwt}`, {}],
  ['a key in a header', '/api/orders', { headers: { 'x-api-key': `sk_service_${opaque}`, 'x-request-id': jwt } }],
  ['a user agent', '/nothing', { headers: { 'user-agent': jwt, referer: `https://app.test/?code=${opaque}` } }],
  ['a body', '/cache/clear', { method: 'POST', body: `{"password":"${opaque}"`, headers: { 'x-csrf': '1' } }],
  ['a logout', '/logout', { method: 'POST', headers: { cookie: `cloakroom=s%3A${opaque}.${opaque}`, 'x-csrf': '1' } }],
]

describe('The log of a whole gateway at debug level', () => {
  let gateway: GatewayUnderTest
  before(async () => {
    const upstream = 'http://127.0.0.1:9'
    gateway = await startGateway({
      env: { LOG_LEVEL: 'debug' },
      routes: [{ id: 'orders', path: '/api/orders', upstream, auth: ['session', 'bearer'] }],
    })
  })
  after(() => gateway.stop())

  for (const [what, path, init] of REQUESTS) {
    it(`does not hold ${what}`, async () => {
      await fetch(gateway.url + path, { redirect: 'manual', ...init })
      expect(leaksIn(gateway.logText()), gateway.logText()).to.deep.equal([])
    })
  }

  it('does not hold what the parser or the first steps refused', async () => {
    for (const text of Object.values(TEXTS)) {
      const socket = createConnection(gateway.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.resume()
      socket.write(`GET /%00?${text} HTTP/1.1\r\nHost: ${opaque}\r\nX-A: ${text}\r\nConnection: close\r\n\r\n`)
      await once(socket, 'close')
    }
    expect(leaksIn(gateway.logText()), gateway.logText()).to.deep.equal([])
  })

  it('is one strict JSON object a line, with the id of its request', async () => {
    const answer = await fetch(`${gateway.url}/me`)
    const id = answer.headers.get('x-request-id')
    const messages = () =>
      gateway
        .logged()
        .filter(({ correlationId }) => correlationId === id)
        .map(({ message }) => message)
    // The access log is written in batches.
    while (!messages().includes('request')) await new Promise(setImmediate)
    expect(messages()).to.have.members(['request refused', 'request'])
    expect(leaksIn(gateway.logText()), gateway.logText()).to.deep.equal([])
    for (const line of gateway.logged()) {
      expect(line.timestamp).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      expect(line.level).to.be.oneOf(['debug', 'info', 'warn', 'error'])
    }
  })
})
