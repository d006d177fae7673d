import fc from 'fast-check'
import { ordinaryNames, reservedNames, spelled } from '../../security/header-tables.ts'

type Field = [name: string, value: string]

const OWN = ['x-user-id', 'x-user-name', 'x-user-roles', 'x-tenant-id', 'x-request-id', 'traceparent', 'authorization']
const NEIGHBOURS = [
  'close',
  'keep-alive',
  'host',
  'cookie',
  'content-length',
  'transfer-encoding',
  'x-custom',
  'upgrade',
]
const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'via', 'te', 'trailer']

const values = fc.oneof(
  fc.constantFrom('evil', '1', '6f2c1c1e-0000-4000-8000-000000000b0b', 'realm:admin', '127.0.0.1', 'evil, evil', ''),
  fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/),
  fc.stringMatching(/^[\u0080-\u00ff]{1,8}$/),
)

const reserved = fc.tuple(fc.constantFrom(...reservedNames).chain(spelled), values)
const ordinary = fc.tuple(fc.constantFrom(...ordinaryNames), values)
const nomination = fc
  .array(fc.constantFrom(...OWN, ...NEIGHBOURS, ...FORWARDED, ...reservedNames), { minLength: 1, maxLength: 5 })
  .map((names): Field => ['Connection', names.join(', ')])

const listed = fc.constantFrom<Field>(
  ['X-CSRF', '1'],
  ['X-CSRF', '1'],
  ['X-CSRF', '0'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['Sec-Fetch-Site', 'same-site'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Sec-Fetch-Site', 'none'],
  ['Sec-Fetch-Mode', 'navigate'],
  ['Sec-Fetch-Mode', 'cors'],
  ['Sec-Fetch-Dest', 'document'],
  ['Sec-Fetch-Dest', 'image'],
  ['Origin', '{origin}'],
  ['Origin', 'https://spa.example'],
  ['Origin', 'https://SPA.example'],
  ['Origin', 'https://spa.example.evil.example'],
  ['Origin', 'https://evil.example'],
  ['Origin', 'null'],
  ['Access-Control-Request-Method', 'DELETE'],
  ['Access-Control-Request-Headers', 'x-csrf, x-user-id'],
  ['Accept', 'text/html'],
  ['Accept', 'application/problem+json'],
  ['Accept', 'text/event-stream'],
  ['Content-Type', 'application/json'],
  ['Content-Type', 'text/plain'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
  ['Content-Encoding', 'gzip'],
  ['Expect', '100-continue'],
  ['Expect', 'the-unexpected'],
  ['Upgrade', 'h2c'],
  ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
  ['TE', 'trailers'],
  ['Trailer', 'X-User-Id'],
  ['Proxy-Authorization', 'Basic eDp5'],
  ['Proxy-Connection', 'keep-alive'],
  ['Keep-Alive', 'timeout=999'],
  ['Max-Forwards', '0'],
  ['Via', '1.1 cloakroom'],
  ['Host', 'evil.example'],
  ['Referer', 'https://evil.example/'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['Transfer_Encoding', 'chunked'],
  ['Content.Length', '3'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['Range', 'bytes=0-1,2-3,4-'],
  ['X-Long', 'a'.repeat(4_000)],
)

const one = fc.oneof({ weight: 4, arbitrary: listed }, { weight: 2, arbitrary: reserved }, ordinary, nomination)
const many = fc.tuple(one, fc.integer({ min: 2, max: 150 })).map(([field, times]) => Array<Field>(times).fill(field))

/** The fields of one request beside its credentials. */
export const fields: fc.Arbitrary<Field[]> = fc.oneof({ weight: 30, arbitrary: fc.array(one, { maxLength: 7 }) }, many)

/** Lines that no client may send; each with its own end, and some with a credential inside. */
export const uglyLines = fc.constantFrom(
  ...[' folded: x\r\n', '\tfolded\r\n', 'X-A: 1\r\n  folded\r\n', 'X-A: 1\nX-User-Id: evil\r\n', 'X-A : 1\r\n'],
  ...['X-A\r\n', ': x\r\n', 'X-\0A: 1\r\n', 'X-A: a\0b\r\n', 'X-A: a\rX-User-Id: evil\r\n', 'X-A: a\x7f\r\n', '\r\n'],
  ...['Host: evil.example\r\n', 'Host:\r\n', 'Host: {host}, evil\r\n', 'Host : evil.example\r\n', 'X\xadA: 1\r\n'],
  ...['Authorization : Bearer {bob}\r\n', ' Authorization: Bearer {bob}\r\n', 'Authorization: Bearer {bob}\r\n'],
  ...['Cookie: cloakroom={session}\r\n', 'Cookie : cloakroom={session}\r\n', 'cookie:cloakroom={session}\n'],
  ...['X-User\x85Id: evil\r\n', 'X-User-Id\t: evil\r\n', 'Connection: close\nX-A: 1\r\n', 'X-A: \x0b\r\n'],
  `X-Big: ${'a'.repeat(17_000)}\r\n`,
  `${'X-Many: 1\r\n'.repeat(2_500)}`,
)
