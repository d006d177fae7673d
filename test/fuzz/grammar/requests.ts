import fc from 'fast-check'
import type { Conversation, FuzzRequest } from '../fuzz-case.ts'
import { bodies } from './bodies.ts'
import { bearers, cookies, otherCookies } from './credentials.ts'
import { fields, uglyLines } from './fields.ts'
import { targets } from './targets.ts'

/** What an upstream may answer with, by bytes. */
const upstreamAnswers = fc.constantFrom(
  ...[
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\n\r\n',
  ],
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged',
  'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort',
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nokok',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nSet-Cookie: cloakroom=evil\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'HTTP/1.1 200 OK\r\nSet-Cookie: cloakroom=evil; Path=/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nServer: x\r\nX-Frame-Options: ALLOWALL\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nConnection: X-Request-Id, Cache-Control, X-Content-Type-Options\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.0 200 OK\r\n\r\nuntil the end',
  'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops',
  'HTTP/1.1 200 \xe9\r\nX-A: \xe9\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nX-A: a\rSet-Cookie: cloakroom=evil\r\nContent-Length: 0\r\n\r\n',
  ...['', 'garbage', 'HTTP/1.1\r\n\r\n', 'HTTP/2 200\r\n\r\n', '\0\0\0'],
)

const METHODS: string[] = ['GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']
const ODD_METHODS: string[] = [
  ...['TRACE', 'CONNECT', 'TRACK', 'get', 'PROPFIND', 'FOO', '', 'G\0T', 'GET\t', 'PRI', 'QUERY', 'M-SEARCH'],
]

export const requests: fc.Arbitrary<FuzzRequest> = fc.record({
  method: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...METHODS) }, fc.constantFrom(...ODD_METHODS)),
  target: targets,
  version: fc.oneof(
    { weight: 30, arbitrary: fc.constant('HTTP/1.1') },
    fc.constantFrom(
      'HTTP/1.0',
      'HTTP/0.9',
      'HTTP/2.0',
      'HTTP/1.2',
      'HTTP/1.10',
      'http/1.1',
      'HTTP/1.1 ',
      '',
      'HTTP',
      'HTTP/1.1\t',
    ),
  ),
  host: fc.oneof(
    { weight: 20, arbitrary: fc.constant('{host}') },
    fc.constantFrom(
      '',
      'evil.example',
      '{host}.evil.example',
      'evil@{host}',
      '{host}/x',
      'LOCALHOST',
      '127.0.0.1',
      '{host}\xe9',
    ),
  ),
  cookie: cookies,
  otherCookies,
  bearer: bearers,
  fields,
  ugly: fc.oneof(
    { weight: 8, arbitrary: fc.constant<never[]>([]) },
    fc.array(uglyLines, { minLength: 1, maxLength: 2 }),
  ),
  body: bodies,
  answer: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, upstreamAnswers),
})

export const conversations: fc.Arbitrary<Conversation> = fc.record({
  requests: fc.array(requests, { minLength: 1, maxLength: 5 }),
  cuts: fc.oneof(
    { weight: 2, arbitrary: fc.constant<never[]>([]) },
    fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 4 }),
  ),
  leaves: fc.oneof({ weight: 9, arbitrary: fc.constant('at the end' as const) }, fc.constant('in the middle' as const)),
  frames: fc.constant<string[]>([]),
})
