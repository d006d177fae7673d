import fc from 'fast-check'
import { hostileTargets, innocentTargets } from '../../security/path-tables.ts'

const STARTS = [
  ...[
    '/api/orders',
    '/api/staff',
    '/api/people',
    '/api/services',
    '/api/public',
    '/api/public/admin',
    '/api/jar',
    '/s',
  ],
  ...['/live', '/live/open', '/api', '/apix', '/me', '/session', '/health', '/ready', '/login', '/callback', '/logout'],
  ...['/cache/info', '/cache/clear', '/api/v1/users/me', '/api/v1/admin/users', '/api/v1/auth/token', '/openapi.json'],
  ...['/api/v1/monitoring/metrics', '/backchannel-logout', '/docs', '/nowhere', '/__proto__', ''],
] as const
const ROUTED = STARTS.slice(0, 10)

const PIECES = [
  ...['x', 'admin', 'ADMIN', '%61dmin', 'adm%69n', 'a.json', '~', '@', ':id', '*', '%20', 'a+b', '%25', '%3f', '%23'],
  ...['.', '..', '...', '%2e', '%2e%2e', '.%2E', '%2E.', '%252e%252e', '..%20', '%20..', '.%00.', '..;', '..;x=1'],
  ...['%2f', '%2F..%2f', '%5c', '\\', '..\\', '%252f', '%c0%af', '%c0%ae%c0%ae', '%e0%80%af', '%u002e', '%uff0f'],
  ...['%ef%bc%8f', '%ef%bc%8e%ef%bc%8e', '%e2%80%a5', '%00', '%0d%0aX-Evil:1', '%7f', '%c2%85', '%e2%80%a8', '%ff'],
  ...[';', ';x=1', '%3b', '%', '%zz', '%2', '#', '?', '"', '<', '{', '|', '^', '`', '[', '\x7f', '\x01', '\xe9', ' '],
]
const QUERIES = [
  ...['', '?', '?a=b', '?a=/../b', '?x=/api/staff', '?a[__proto__]=1', '?q=%00%zz', '?returnTo=//evil.example', '??'],
  ...[
    '?access_token=x',
    '?%61ccess_token=x',
    '?a=%0d%0aSet-Cookie:x=y',
    '?_method=DELETE',
    '?a=b#c',
    '?"<>',
    '?a=\xe9',
  ],
]
const AUTHORITIES = [
  'http://{host}',
  'http://evil.example',
  'HTTP://{host}',
  '//evil.example',
  '//{host}',
  '/@evil.example',
]

const segments = fc
  .array(fc.tuple(fc.constantFrom('/', '/', '/', '', '//'), fc.constantFrom(...PIECES)), { maxLength: 4 })
  .map((pairs) => pairs.flat().join(''))

/** A path below something that exists, as it may well stand in a program. */
const honest = fc
  .tuple(
    fc.constantFrom(...ROUTED, ...STARTS),
    fc.constantFrom('', '', '/x', '/7/items', '/%61dmin', '/a.json', '/', '/..a', '/../staff', '/%2e%2e/staff', '/./x'),
    fc.constantFrom('', '', '?a=b', '?x=/api/staff'),
  )
  .map((parts) => parts.join(''))

const odd = fc
  .tuple(fc.constantFrom(...STARTS), segments, fc.constantFrom(...QUERIES))
  .map(([start, rest, query]) => start + rest + query)

const otherForms = fc.oneof(
  fc.tuple(fc.constantFrom(...AUTHORITIES), odd).map((parts) => parts.join('')),
  fc.constantFrom('*', 'evil.example:443', '{host}', '', 'api/orders', '?', '/'),
  fc.constantFrom(...hostileTargets.flatMap(([, ...targets]) => targets)),
  fc.constantFrom(...innocentTargets.map(([target]) => target)),
  fc.string({ unit: 'binary-ascii', maxLength: 30 }).map((text) => `/api/public/${text}`),
  fc.integer({ min: 7_900, max: 9_000 }).map((length) => `/api/public/${'a'.repeat(length)}`),
)

export const targets = fc.oneof({ weight: 6, arbitrary: honest }, { weight: 4, arbitrary: odd }, otherForms)
