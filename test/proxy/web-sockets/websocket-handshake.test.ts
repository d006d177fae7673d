import { expect } from 'chai'
import type { RawRequest } from '../../support/raw-messages.ts'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

const GOOD = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
const handshake = (headers: RawRequest['headers'] = {}, rest: Partial<RawRequest> = {}): RawRequest => ({
  target: '/public',
  ...rest,
  headers: { ...GOOD, ...headers },
})

const served: readonly (readonly [what: string, request: RawRequest])[] = [
  ['the usual one', handshake()],
  ['in other letters', handshake({ Upgrade: 'WebSocket', Connection: 'keep-alive, UPGRADE' })],
  ['with an expectation', handshake({ Expect: '100-continue' })],
  ['with an extension, which is not taken', handshake({ 'Sec-WebSocket-Extensions': 'permessage-deflate' })],
  ['with broken extensions, which nobody reads', handshake({ 'Sec-WebSocket-Extensions': ';;=' })],
  ['with a length of nothing', handshake({ 'Content-Length': '0' })],
  ['of something that looks like a page load', handshake({ Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' })],
]

const refused: readonly (readonly [what: string, status: number, code: string, request: RawRequest])[] = [
  ...['12', '8', '14', '0', '', ' 13.0', '13x', '+13', '013'].map(
    (version) =>
      [
        `version "${version}"`,
        426,
        'WEBSOCKET_VERSION_UNKNOWN',
        handshake({ 'Sec-WebSocket-Version': version }),
      ] as const,
  ),
  ['no version', 426, 'WEBSOCKET_VERSION_UNKNOWN', handshake({ 'Sec-WebSocket-Version': undefined })],
  ['two versions', 400, 'WEBSOCKET_HANDSHAKE_INVALID', handshake({ 'Sec-WebSocket-Version': ['13', '13'] })],
  ...['', 'short', 'dGhlIHNhbXBsZSBub25jZQ', 'dGhlIHNhbXBsZSBub25jZQ==x', `${'A'.repeat(23)}=`, '!'.repeat(24)].map(
    (key) => [`key "${key}"`, 400, 'WEBSOCKET_HANDSHAKE_INVALID', handshake({ 'Sec-WebSocket-Key': key })] as const,
  ),
  ['no key', 400, 'WEBSOCKET_HANDSHAKE_INVALID', handshake({ 'Sec-WebSocket-Key': undefined })],
  [
    'two keys',
    400,
    'WEBSOCKET_HANDSHAKE_INVALID',
    handshake({ 'Sec-WebSocket-Key': [GOOD['Sec-WebSocket-Key'], GOOD['Sec-WebSocket-Key']] }),
  ],
  ...['a b', 'a,,b', ',', 'a,a', 'ä', 'a"b', Array.from({ length: 40 }, (_, i) => `p${i}`).join(',')].map(
    (offer) =>
      [
        `subprotocols "${offer.slice(0, 20)}"`,
        400,
        'WEBSOCKET_HANDSHAKE_INVALID',
        handshake({ 'Sec-WebSocket-Protocol': offer }),
      ] as const,
  ),
  ['a POST', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { method: 'POST' })],
  ['a HEAD', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { method: 'HEAD' })],
  ['an OPTIONS', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { method: 'OPTIONS' })],
  ['a body', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { body: 'GET /off HTTP/1.1\r\n\r\n' })],
  ['a chunked body', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { chunks: ['abc'] })],
  ['HTTP/1.0', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { version: 'HTTP/1.0' })],
  ['no Connection: Upgrade', 400, 'WEBSOCKET_UNAVAILABLE', handshake({ Connection: 'keep-alive' })],
  ...['h2c, websocket', 'websocket, h2c', 'websocket/13', 'websocket,websocket'].map(
    (upgrade) => [`Upgrade: ${upgrade}`, 400, 'WEBSOCKET_UNAVAILABLE', handshake({ Upgrade: upgrade })] as const,
  ),
  ['two Upgrades', 400, 'WEBSOCKET_UNAVAILABLE', handshake({ Upgrade: ['websocket', 'websocket'] })],
  ['another expectation', 417, 'EXPECTATION_FAILED', handshake({ Expect: 'tea' })],
  ['two Authorizations', 400, 'INVALID_REQUEST', handshake({ Authorization: ['Bearer a', 'Bearer b'] })],
  ['a foreign host', 421, 'MISDIRECTED_REQUEST', handshake({ Host: 'evil.example' })],
  ['no host', 400, 'INVALID_REQUEST', handshake({ Host: undefined })],
  ['two hosts', 400, 'INVALID_REQUEST', handshake({ Host: ['localhost', 'localhost'] })],
  ['a route without WebSockets', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { target: '/off' })],
  ['an own path', 400, 'WEBSOCKET_UNAVAILABLE', handshake({}, { target: '/me' })],
  ['a path that nobody claims', 404, 'NOT_FOUND', handshake({}, { target: '/nowhere' })],
  ...['/public/../off', '/public/%2e%2e/off', '/public//x', '/public/a;b', '/public%2Fx', '/public\\x'].map(
    (target) => [`path ${target}`, 400, 'INVALID_PATH', handshake({}, { target })] as const,
  ),
  ['a target without end', 414, 'URI_TOO_LONG', handshake({}, { target: `/public/${'a'.repeat(9_000)}` })],
  ['nobody on a guarded route', 401, 'AUTHENTICATION_REQUIRED', handshake({}, { target: '/live' })],
  [
    'nobody who would rather see a page',
    401,
    'AUTHENTICATION_REQUIRED',
    handshake({ Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' }, { target: '/live' }),
  ],
]

describe(`A WebSocket handshake (${served.length + refused.length} cases)`, () => {
  let world: WebSocketWorld
  before(async () => {
    world = await startWebSocketWorld()
  })
  after(() => world.stop())

  for (const [what, request] of served)
    it(`is answered with 101, without extensions: ${what}`, async () => {
      const connection = await world.client.connect()
      connection.send(request)
      const head = await connection.head()
      expect(head.status, head.statusLine).to.equal(101)
      expect(head.header('sec-websocket-extensions')).to.equal(undefined)
      expect(head.header('x-request-id')).to.match(/^[0-9a-f]{24}$/)
      expect(world.upstream.last().header('sec-websocket-extensions')).to.equal(undefined)
      connection.destroy()
    })

  for (const [what, status, code, request] of refused)
    it(`is refused with ${status} for ${what}`, async () => {
      const before = world.upstream.seen.length
      const connection = await world.client.connect()
      connection.send(request)
      const answer = await connection.answer({ to: request.method ?? 'GET' })
      expect(answer.status, answer.statusLine).to.equal(status)
      if (request.method !== 'HEAD') expect(answer.json().error.code).to.equal(code)
      if (status === 426) expect(answer.header('sec-websocket-version')).to.equal('13')
      expect(world.upstream.seen.length).to.equal(before)
      connection.destroy()
    })

  it('that is refused ends the connection, and nothing behind it is read', async () => {
    const connection = await world.client.connect()
    connection.send(handshake({ 'Sec-WebSocket-Version': '8' }))
    const { status, header } = await connection.head()
    expect(status).to.equal(426)
    expect(header('connection')).to.equal('close')
    connection.send({ target: '/health' })
    expect(await connection.rest()).not.to.contain('HTTP/1.1')
  })

  it("with a request behind it, before it was answered, is refused with 400, and the request is nobody's", async () => {
    const connection = await world.client.connect()
    const { write } = world.client
    connection.send(Buffer.concat([write(handshake()), write({ target: '/health' })]))
    const answer = await connection.answer()
    expect(answer.status).to.equal(400)
    expect(answer.json().error.code).to.equal('WEBSOCKET_HANDSHAKE_INVALID')
    expect(await connection.rest()).to.equal('')
  })

  it('behind a request that is still being answered waits its turn, and is refused', async () => {
    const connection = await world.client.connect()
    const { write } = world.client
    connection.send(Buffer.concat([write({ target: '/off' }), write(handshake())]))
    expect((await connection.answer()).text()).to.equal('plain')
    const second = await connection.answer()
    expect(second.status).to.equal(400)
    expect(second.json().error.code).to.equal('WEBSOCKET_UNAVAILABLE')
    connection.destroy()
  })

  it('on a connection that served requests before is answered', async () => {
    const connection = await world.client.connect()
    expect(await connection.servesAnother()).to.equal(true)
    connection.send(handshake())
    expect((await connection.head()).status).to.equal(101)
    connection.destroy()
  })

  it('for another protocol is an ordinary request', async () => {
    const answer = await world.client.ask({
      target: '/off',
      headers: { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' },
    })
    expect(answer.text()).to.equal('plain')
  })
})
