import type { Duplex } from 'node:stream'
import { expect } from 'chai'
import { startWebSocketWorld, type WebSocketWorld } from './websocket-world.ts'

const bytes = (text: string) => (connection: Duplex) => void connection.end(Buffer.from(text, 'latin1'))
const OPENING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
const ACCEPT = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n'

/** What an upstream may say instead of opening a socket, and what becomes of it. */
const answers: readonly (readonly [what: string, text: string, status: number])[] = [
  ['200', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 502],
  ['204', 'HTTP/1.1 204 No Content\r\n\r\n', 502],
  ['101 without Sec-WebSocket-Accept', `${OPENING}\r\n`, 502],
  ['101 with the Accept of another key', `${OPENING}${ACCEPT}\r\n`, 502],
  ['101 to another protocol', `HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${ACCEPT}\r\n`, 502],
  ['101 with an extension nobody asked for', `${OPENING}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`, 502],
  ['101 with a subprotocol nobody asked for', `${OPENING}Sec-WebSocket-Protocol: evil\r\n\r\n`, 502],
  ['something that is not HTTP', 'hello\r\n\r\n', 502],
  ['nothing at all', '', 502],
  ['426 with a body', 'HTTP/1.1 426 Upgrade Required\r\nUpgrade: foo\r\nContent-Length: 5\r\n\r\nnever', 426],
  ['401', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n', 401],
  ['403 in chunks', 'HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwhy\r\n0\r\n\r\n', 403],
  ['404 until it closes', 'HTTP/1.1 404 Not Found\r\n\r\nnot here', 404],
  ['503 with a smuggled answer behind it', 'HTTP/1.1 503 x\r\nContent-Length: 2\r\n\r\nnoHTTP/1.1 200 OK\r\n\r\n', 503],
  ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n', 302],
]

describe(`An upstream that does not open a WebSocket (${answers.length} cases)`, () => {
  let world: WebSocketWorld
  before(async () => {
    world = await startWebSocketWorld()
  })
  after(() => world.stop())

  for (const [index, [what, text, status]] of answers.entries())
    it(`but answers ${what}: the client gets ${status}, once, and the connection ends`, async () => {
      const target = `/public/refusal-${index}`
      world.upstream.answer(target, bytes(text))
      const connection = await world.client.connect()
      connection.send({
        target,
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      })
      const all = await connection.rest()
      expect(all.split(' ')[1], all).to.equal(String(status))
      expect(all.match(/HTTP\/1\.1/g), all).to.have.length(1)
      expect(all).to.match(/^connection: close\r$/im)
      expect(all).not.to.match(/^upgrade:/im)
      if (status === 502) expect(all).to.contain('UPSTREAM_UNAVAILABLE')
    })

  it('passes on what it says, without what an answer must not carry', async () => {
    world.upstream.answer(
      '/public/talkative',
      bytes(
        'HTTP/1.1 403 Forbidden\r\nSet-Cookie: a=b\r\nServer: x\r\nAccess-Control-Allow-Origin: *\r\nX-Why: no\r\nContent-Length: 2\r\n\r\nno',
      ),
    )
    const { status, headers, body } = await world.refused('/public/talkative')
    expect({ status, body }).to.deep.equal({ status: 403, body: 'no' })
    expect(headers).to.include({ 'x-why': 'no', connection: 'close' })
    expect(headers).not.to.have.any.keys('set-cookie', 'server', 'access-control-allow-origin')
  })

  it('but breaks off in the middle of its refusal: the client does not take it for whole', async () => {
    world.upstream.answer('/public/half', (connection) => {
      connection.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nhalf')
      setImmediate(() => connection.destroy())
    })
    const outcome = await world.refused('/public/half').then(
      ({ body }) => body,
      (error: Error) => error.message,
    )
    expect(outcome).not.to.equal('half')
  })

  it('because nobody listens there: 502', async () => {
    const { status, body } = await world.refused('/dead')
    expect(status).to.equal(502)
    expect(body).to.contain('UPSTREAM_UNAVAILABLE').and.not.contain('127.0.0.1')
  })

  it('but keeps silent: 504 when the time of the route is over', async () => {
    world.upstream.answer('/hasty', () => undefined)
    const { status, body } = await world.refused('/hasty')
    expect(status).to.equal(504)
    expect(body).to.contain('UPSTREAM_TIMEOUT')
  })

  it('is let go of when the client goes while it thinks', async () => {
    const asked = Promise.withResolvers<Duplex>()
    world.upstream.answer('/public/thinking', (connection) => asked.resolve(connection))
    const opening = world.open('/public/thinking').then(
      () => 'opened',
      () => 'gone',
    )
    const connection = await asked.promise
    const gone = new Promise((resolve) => connection.on('close', resolve))
    connection.on('end', () => connection.end()).resume()
    world.gateway.gateway.beginStopping()
    expect(await opening).to.equal('gone')
    await gone
  })
})
