import fc from 'fast-check'
import type { FuzzBody } from '../fuzz-case.ts'

/** A request that must stay what it is: a text inside of another one. It asks for what only an administrator may. */
export const INNER =
  'GET /api/staff/inside?fz=inside HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {bob}\r\nX-Inside: 1\r\n\r\n'

const texts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', 'a', '{}', '{"a":1}', 'a=b&c=d', '0\r\n\r\n', '\r\n', '\r\n\r\n') },
  { weight: 3, arbitrary: fc.constantFrom(INNER, `0\r\n\r\n${INNER}`, `\r\n${INNER}`, INNER.repeat(2)) },
  fc.string({ unit: 'binary-ascii', maxLength: 60 }),
  fc.integer({ min: 0, max: 30_000 }).map((length) => 'b'.repeat(length)),
)

const trailer = fc.tuple(
  fc.constantFrom('X-User-Id', 'Authorization', 'X-Custom', 'Content-Length', 'X_User_Roles', 'Cookie', 'Host'),
  fc.constantFrom('evil', '5', 'Bearer {bob}'),
)

const chunked = fc.record({
  kind: fc.constant('chunks' as const),
  texts: fc.array(texts, { maxLength: 3 }),
  extension: fc.constantFrom('', '', ';a=b', ';a="b;c"', `;x=${'y'.repeat(100)}`),
  trailers: fc.array(trailer, { maxLength: 2 }),
})

const LENGTHS = [
  ...['Content-Length: {size}', 'Content-Length: 0', 'Content-Length: 6', 'Content-Length: +6', 'Content-Length: -1'],
  ...['Content-Length: 0x6', 'Content-Length: 6, 6', 'Content-Length: 6 ', 'Content-Length: 6;', 'Content-Length:'],
  ...[
    'Content-Length: 99999999999999999999',
    'Content-Length: 1e1',
    'Content-Length : {size}',
    'content-length:\t{size}',
  ],
]
const CODINGS = [
  ...['chunked', 'Chunked', ' chunked', '\tchunked', '\x0bchunked', 'chunked ', 'xchunked', 'chunked, identity', ''],
  ...['identity', 'identity, chunked', 'gzip, chunked', 'chunked, chunked', '"chunked"', 'chunked;q=1', 'chun\x00ked'],
].map((coding) => `Transfer-Encoding:${coding}`)

const liar = fc.record({
  kind: fc.constant('liar' as const),
  fields: fc.array(fc.constantFrom(...LENGTHS, ...CODINGS, 'Transfer-Encoding : chunked', ' chunked'), {
    minLength: 1,
    maxLength: 3,
  }),
  text: fc
    .tuple(fc.constantFrom('', '0\r\n\r\n', '6\r\nabcdef\r\n0\r\n\r\n', '6\nabcdef\n0\n\n', '-1\r\n', 'g\r\n'), texts)
    .map((parts) => parts.join('')),
  off: fc.constantFrom(0, 0, -1, 1, -5, 7, 100),
})

export const bodies: fc.Arbitrary<FuzzBody> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'none' as const }) },
  { weight: 4, arbitrary: texts.map((text) => ({ kind: 'length' as const, text })) },
  { weight: 3, arbitrary: chunked },
  { weight: 2, arbitrary: liar },
)
