import fc from 'fast-check'
import type { Conversation, FuzzRequest } from '../fuzz-case.ts'
import { bearers, cookies, otherCookies } from './credentials.ts'
import { fields } from './fields.ts'

type Field = [name: string, value: string]

/** Mostly the first of these values, which is a good one. */
const field = (name: string, good: string, ...values: string[]) =>
  fc
    .oneof({ weight: 6, arbitrary: fc.constant(good) }, fc.constantFrom(...values))
    .map((value): Field[] => (value === '' ? [] : [[name, value]]))

const origins = (...values: string[]) =>
  fc.constantFrom(...values).map((value): Field[] => (value === '' ? [] : [['Origin', value]]))

const handshake: fc.Arbitrary<Field[]> = fc
  .tuple(
    field('Upgrade', 'websocket', 'WebSocket', 'websocket, h2c', 'h2c', ''),
    field('Connection', 'Upgrade', 'keep-alive, Upgrade, X-User-Id', 'upgrade, X-Request-Id', ''),
    field('Sec-WebSocket-Version', '13', '8', '13, 8', 'x', ''),
    field('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==', 'short', ''),
    field(
      'Sec-WebSocket-Protocol',
      '',
      '',
      'chat',
      'chat, chat',
      'bearer.{bob}, chat',
      'bearer.x',
      'Bearer.{bob}, chat',
      ',',
    ),
    field(
      'Sec-WebSocket-Extensions',
      '',
      'permessage-deflate',
      'permessage-deflate; server_max_window_bits=99',
      'x; y="',
    ),
    origins('{origin}', 'https://spa.example', 'https://evil.example', 'null', 'http://{host}.evil', ''),
  )
  .map((all) => all.flat())

/** A frame of any shape (RFC 6455 section 5.2): kinds that there are not, lengths that lie, masks that are missing. */
const frame = fc
  .record({
    first: fc.integer({ min: 0, max: 255 }),
    masked: fc.boolean(),
    claims: fc.constantFrom(-1, 0, 5, 125, 126, 127),
    payload: fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  })
  .map(({ first, masked, claims, payload }) => {
    const length = claims < 0 ? Math.min(payload.length, 125) : claims
    const mask = masked ? '\0\0\0\0' : ''
    return String.fromCharCode(first) + String.fromCharCode(length | (masked ? 0x80 : 0)) + mask + payload
  })
const text = fc
  .string({ maxLength: 100, unit: 'binary-ascii' })
  .map((words) => `\x81${String.fromCharCode(0x80 | words.length)}\0\0\0\0${words}`)
const frames = fc.oneof(
  frame,
  text,
  fc.constantFrom('\x88\x80\0\0\0\0', '\x89\x80\0\0\0\0', 'GET / HTTP/1.1\r\n\r\n', '\xff'.repeat(200)),
)

const request: fc.Arbitrary<FuzzRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'GET', 'GET', 'POST', 'HEAD'),
    target: fc.constantFrom(
      '/live',
      '/live',
      '/live/7',
      '/live/open',
      '/live/open/x',
      '/live/../api/staff',
      '/api/orders',
      '/me',
      '/live%2fx',
    ),
    cookie: cookies,
    otherCookies,
    bearer: bearers,
    upgrade: handshake,
    more: fields,
  })
  .map(({ upgrade, more, ...rest }) => ({
    ...{ version: 'HTTP/1.1', host: '{host}', ugly: [], answer: null, body: { kind: 'none' as const } },
    ...rest,
    fields: [...upgrade, ...more.filter(([name]) => !/^(origin|upgrade|connection)$/i.test(name))],
  }))

/** Opening handshakes of WebSockets, and what is said once one is open. */
export const handshakes: fc.Arbitrary<Conversation> = fc.record({
  requests: fc.array(request, { minLength: 1, maxLength: 1 }),
  cuts: fc.constant([]),
  leaves: fc.constant('at the end' as const),
  frames: fc.array(frames, { minLength: 1, maxLength: 5 }),
})
