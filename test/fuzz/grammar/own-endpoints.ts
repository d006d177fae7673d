import fc from 'fast-check'
import type { Conversation, FuzzRequest } from '../fuzz-case.ts'
import { bearers, cookies } from './credentials.ts'
import { fields } from './fields.ts'

const TARGETS = [
  ...[
    '/cache/clear',
    '/cache/info',
    '/cache',
    '/cache/',
    '/me',
    '/session',
    '/logout',
    '/login',
    '/callback',
    '/ready',
  ],
  ...['/backchannel-logout', '/api/v1/auth/token', '/api/v1/auth/introspect', '/api/v1/auth/revoke', '/openapi.json'],
  ...['/api/v1/users/me', '/api/v1/users/me/sessions', '/api/v1/users', '/api/v1/users/register', '/api/v1/nowhere'],
  ...['/api/v1/users/me/password', '/api/v1/admin/users', '/api/v1/admin/users/x', '/api/v1/clients', '/docs'],
  ...['/api/v1/monitoring/health', '/api/v1/monitoring/metrics', '/api/v1/monitoring/circuit-breakers', '/health'],
]
const NAMES = ['caches', 'username', 'email', 'token', 'grant_type', '__proto__', 'constructor', 'x', '', 'toString']

const deep = fc
  .tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom(['[', ']'], ['{"a":', '}']))
  .map(([depth, [open = '', close = '']]) => `${open.repeat(depth)}1${close.repeat(depth)}`)
const object = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.jsonValue({ maxDepth: 3 })), { maxLength: 6 })
  .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`)
const json = fc.oneof(
  { weight: 4, arbitrary: object },
  deep,
  fc.json(),
  fc.constantFrom(
    '{"caches":["jwks"],"caches":["user_info"]}',
    '{"__proto__":{"caches":["jwks"]}}',
    '{"caches":["x"]}',
  ),
  fc.constantFrom('null', '[]', '"x"', '1e999', '{', '\ufeff{}', '{"a":"\\ud800"}', '{"a":\0}', '\xff\xfe{', ' '),
  fc.integer({ min: 90_000, max: 120_000 }).map((length) => JSON.stringify({ x: 'y'.repeat(length) })),
)
const form = fc.oneof(
  fc
    .array(
      fc.tuple(fc.constantFrom(...NAMES, 'logout_token', 'client_id', 'client_secret'), fc.string({ maxLength: 12 })),
    )
    .map((pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')),
  fc.constantFrom(
    'grant_type=client_credentials&client_id=x&client_secret=y',
    'logout_token=a.b.c',
    'token={bob}',
    '%zz=%',
  ),
  fc.integer({ min: 1, max: 2_000 }).map((times) => 'a=b&'.repeat(times)),
)
const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.constantFrom(
    '?limit=1e9',
    '?first=-1&max=x',
    '?a[b][c]=d',
    '?__proto__[x]=1',
    '?search=%00',
    '?limit=1&limit=2',
    '?&&&=',
  ),
  fc.integer({ min: 1, max: 1_500 }).map((times) => `?${'a=b&'.repeat(times)}`),
)

const toLatin1 = (text: string) => Buffer.from(text).toString('latin1')

const request: fc.Arbitrary<FuzzRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
    path: fc.constantFrom(...TARGETS),
    query,
    cookie: cookies,
    bearer: bearers,
    proven: fc.boolean(),
    more: fields,
    content: fc.oneof(
      json.map((text) => ['application/json', text] as const),
      form.map((text) => ['application/x-www-form-urlencoded', text] as const),
      json.map((text) => ['text/plain', text] as const),
      json.map((text) => ['application/json; charset=utf-7', text] as const),
    ),
  })
  .map(({ method, path, query: asked, cookie, bearer, proven, more, content: [type, text] }) => {
    const proof: [string, string][] = proven ? [['X-CSRF', '1']] : []
    const body =
      method === 'GET' || method === 'HEAD'
        ? ({ kind: 'none' } as const)
        : { kind: 'length' as const, text: toLatin1(text) }
    const usual = { version: 'HTTP/1.1', host: '{host}', otherCookies: '', ugly: [], answer: null }
    return {
      ...usual,
      method,
      target: path + asked,
      cookie,
      bearer,
      fields: [...proof, ['Content-Type', type], ...more],
      body,
    }
  })

/** Calls of the gateway's own endpoints with bodies that nobody should have to read. */
export const ownCalls: fc.Arbitrary<Conversation> = fc.record({
  requests: fc.array(request, { minLength: 1, maxLength: 3 }),
  cuts: fc.constant<number[]>([]),
  leaves: fc.constant('at the end' as const),
  frames: fc.constant<string[]>([]),
})
