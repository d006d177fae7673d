import { expect } from 'chai'
import { checkRequestLine } from '../../src/edge/request-line.ts'
import { type FakeRequest, fakeRequest } from './fake-request.ts'
import { refusalOf } from './refusal.ts'

const served: readonly (readonly [what: string, request: FakeRequest])[] = [
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => [method, { method }] as const),
  ['one Authorization', { headers: { Authorization: 'Bearer x' } }],
  ['other fields that came twice', { headers: { Accept: ['a/b', 'c/d'], 'X-Custom': ['1', '2'] } }],
  ['an upgrade to h2c, which is ignored', { headers: { Upgrade: 'h2c' } }],
  ['an upgrade to something that only sounds alike', { headers: { Upgrade: 'websocketish, my-websocket' } }],
  ['a length in HTTP/1.0', { version: '1.0', method: 'POST', headers: { 'Content-Length': '3' } }],
  ['a chunked body', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } }],
  ['an expectation that can be met', { method: 'POST', headers: { Expect: '100-continue' } }],
  ['the same in capitals', { method: 'POST', headers: { Expect: '100-Continue' } }],
  ['no host in HTTP/1.0', { version: '1.0', headers: { Host: undefined } }],
  ['any expectation in HTTP/1.0, where it means nothing', { version: '1.0', headers: { Expect: 'tea' } }],
]

const refused: readonly (readonly [what: string, code: string, request: FakeRequest])[] = [
  ['TRACE', 'METHOD_NOT_ALLOWED', { method: 'TRACE' }],
  ['CONNECT', 'METHOD_NOT_ALLOWED', { method: 'CONNECT' }],
  ['QUERY', 'METHOD_NOT_ALLOWED', { method: 'QUERY' }],
  ...['PROPFIND', 'PURGE', 'LINK', 'SOURCE', 'M-SEARCH', 'get', ''].map(
    (method) => [`method "${method}"`, 'METHOD_NOT_IMPLEMENTED', { method }] as const,
  ),
  ['HTTP/0.9', 'INVALID_REQUEST', { version: '0.9' }],
  ['no host', 'INVALID_REQUEST', { headers: { Host: undefined } }],
  ['two hosts', 'INVALID_REQUEST', { headers: { Host: ['a', 'b'] } }],
  ['two hosts that agree', 'INVALID_REQUEST', { headers: { Host: 'a', HOST: 'a' } }],
  ['two authorizations', 'INVALID_REQUEST', { headers: { Authorization: ['Bearer x', 'Bearer y'] } }],
  ['two that agree, in other case', 'INVALID_REQUEST', { headers: { Authorization: 'x', authorization: 'x' } }],
  ['chunks in HTTP/1.0', 'INVALID_REQUEST', { version: '1.0', headers: { 'Transfer-Encoding': 'chunked' } }],
  ...['websocket', 'WebSocket', 'h2c, websocket', 'websocket/13', ' websocket ,foo'].map(
    (upgrade) => [`Upgrade: ${upgrade}`, 'WEBSOCKET_UNAVAILABLE', { headers: { Upgrade: upgrade } }] as const,
  ),
  ['an upgrade that came twice', 'WEBSOCKET_UNAVAILABLE', { headers: { Upgrade: ['h2c', 'websocket'] } }],
  ...['tea', '100-continue, tea', 'x100-continue', '100-continue;q=1', ''].map(
    (expectation) => [`Expect: ${expectation}`, 'EXPECTATION_FAILED', { headers: { Expect: expectation } }] as const,
  ),
  ['an expectation that came twice', 'EXPECTATION_FAILED', { headers: { Expect: ['100-continue', '100-continue'] } }],
]

const complete = (request: FakeRequest) => fakeRequest({ ...request, headers: { Host: 'a', ...request.headers } })

describe('a request line', () => {
  for (const [what, request] of served) it(`may bring ${what}`, () => checkRequestLine(complete(request)))

  for (const [what, code, request] of refused)
    it(`is refused for ${what}`, () => {
      expect(refusalOf(() => checkRequestLine(complete(request))).code).to.equal(code)
    })

  it('that asks for TRACE is told what may be asked', () => {
    const { headers } = refusalOf(() => checkRequestLine(complete({ method: 'TRACE' })))
    expect(headers.Allow).to.equal('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS')
  })
})
