import { expect } from 'chai'
import { createAuthority } from '../../support/certificates.ts'
import {
  END_HEADERS,
  END_STREAM,
  type Frame,
  type FrameConnection,
  type FrameUpstream,
  STATUS_200,
  startFrameUpstream,
  uint32,
} from '../../support/frame-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RawClient, rawClient } from '../../support/raw-client.ts'
import { asChunk } from '../../support/raw-messages.ts'
import { type TemporaryFiles, temporaryFiles } from '../../support/temporary-files.ts'

const authority = createAuthority()
const [REFUSED, CANCEL, INTERNAL, NO_ERROR] = [7, 8, 2, 0]

/** A whole answer. */
function answer(connection: FrameConnection, stream: number, text = 'ok'): void {
  connection.send('HEADERS', stream, STATUS_200, END_HEADERS)
  connection.send('DATA', stream, Buffer.from(text), END_STREAM)
}

const isRequest = ({ type }: Frame) => type === 'HEADERS'

describe('An upstream that speaks HTTP/2 in its own way', () => {
  let files: TemporaryFiles
  let upstream: FrameUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  beforeEach(async () => {
    files = temporaryFiles()
    upstream = await startFrameUpstream(authority.issue())
    const tls = { ca: files.write('ca.pem', authority.cert) }
    const route = { upstream: upstream.origin, auth: 'none', http2: true, tls }
    gateway = await startGateway({
      env: { MAX_BODY: '1000' },
      routes: [
        { ...route, id: 'two', path: '/two', timeout: 10 },
        { ...route, id: 'slow', path: '/slow', timeout: 0.3 },
      ],
    })
    client = rawClient(gateway.port)
  })
  afterEach(async () => {
    await gateway.stop()
    await upstream.stop()
    files.remove()
  })
  const requests = () => upstream.log.filter((line) => / HEADERS/.test(line)).length

  async function untilLogged(line: string): Promise<void> {
    while (!upstream.log.includes(line)) await new Promise((resolve) => setTimeout(resolve, 2))
  }

  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])
    it(`is asked once more when it has refused to look at a ${method}`, async () => {
      upstream.script = (frame, connection) => {
        if (!isRequest(frame)) return
        if (requests() === 1) connection.send('RST', frame.stream, REFUSED)
        else connection.send('HEADERS', frame.stream, STATUS_200, END_HEADERS | END_STREAM)
      }
      expect((await client.ask({ method, target: '/two' })).status).to.equal(200)
      expect([requests(), upstream.connections()]).to.deep.equal([2, 1])
    })

  it('is asked twice at most', async () => {
    upstream.script = (frame, connection) => void (isRequest(frame) && connection.send('RST', frame.stream, REFUSED))
    expect((await client.ask({ target: '/two' })).status).to.equal(502)
    expect(requests()).to.equal(2)
  })

  for (const [method, body] of [
    ['POST', undefined],
    ['PATCH', undefined],
    ['POST', 'text'],
    ['PUT', 'text'],
  ] as const)
    it(`is not asked again for a ${method} ${body === undefined ? 'without' : 'with'} a body, whatever it says`, async () => {
      upstream.script = (frame, connection) => void (isRequest(frame) && connection.send('RST', frame.stream, REFUSED))
      const request = {
        method,
        target: '/two',
        ...(body === undefined ? { headers: { 'Content-Length': '0' } } : { body }),
      }
      expect((await client.ask(request)).status).to.equal(502)
      expect(requests()).to.equal(1)
    })

  for (const [what, script] of [
    ['resets the stream', (c: FrameConnection, stream: number) => c.send('RST', stream, INTERNAL)],
    ['cancels the stream', (c: FrameConnection, stream: number) => c.send('RST', stream, CANCEL)],
    ['resets it without an error', (c: FrameConnection, stream: number) => c.send('RST', stream, NO_ERROR)],
    ['breaks the connection', (c: FrameConnection) => c.destroy()],
    ['gives up the connection', (c: FrameConnection) => c.send('GOAWAY', 0, uint32(1, INTERNAL))],
    [
      'sends a frame that is none',
      (c: FrameConnection, s: number) => c.send('HEADERS', s, Buffer.from([0xff, 0xff, 0xff]), 4),
    ],
  ] as const)
    it(`gets no request twice when it ${what}`, async () => {
      for (const method of ['POST', 'GET']) {
        upstream.log.length = 0
        upstream.script = (frame, connection) => void (isRequest(frame) && script(connection, frame.stream))
        const headers = method === 'POST' ? { 'Content-Length': '0' } : {}
        expect((await client.ask({ method, target: '/two', headers })).status, method).to.equal(502)
        expect(requests(), method).to.equal(1)
      }
      upstream.script = (frame, connection) => void (isRequest(frame) && answer(connection, frame.stream))
      expect((await client.ask({ target: '/two' })).status).to.equal(200)
    })

  for (const [what, code] of [
    ['an error', INTERNAL],
    ['a cancellation', CANCEL],
  ] as const)
    it(`never makes half of an answer look whole: ${what}`, async () => {
      upstream.script = (frame, connection) => {
        if (!isRequest(frame)) return
        connection.send('HEADERS', frame.stream, STATUS_200, END_HEADERS)
        connection.send('DATA', frame.stream, Buffer.from('half'))
        connection.send('RST', frame.stream, code)
      }
      const connection = await client.connect()
      connection.send({ target: '/two' })
      expect(await connection.rest()).not.to.contain('\r\n0\r\n\r\n')
    })

  it('may take its leave: what was begun ends, what comes next goes over a new connection', async () => {
    let first: (() => void) | undefined
    upstream.script = (frame, connection) => {
      if (!isRequest(frame)) return
      if (connection.number > 0) return answer(connection, frame.stream, 'new')
      if (first !== undefined) return
      first = () => answer(connection, frame.stream, 'old')
      connection.send('GOAWAY', 0, uint32(frame.stream, NO_ERROR))
    }
    const begun = client.ask({ method: 'POST', target: '/two', headers: { 'Content-Length': '0' } })
    await untilLogged('1 HEADERS END')
    while ((await client.ask({ target: '/two' })).text() !== 'new');
    first?.()
    expect((await begun).text()).to.equal('old')
  })

  it('that takes its leave before it has looked at a request is asked again, over a new connection', async () => {
    upstream.script = (frame, connection) => {
      if (!isRequest(frame)) return
      if (connection.number === 0) connection.send('GOAWAY', 0, uint32(0, NO_ERROR))
      else answer(connection, frame.stream)
    }
    expect((await client.ask({ target: '/two' })).status).to.equal(200)
    expect([requests(), upstream.connections()]).to.deep.equal([2, 2])
  })

  for (const framing of [{ 'Transfer-Encoding': 'chunked' }, { 'Content-Length': '500' }])
    it(`sees that half of a body is not whole: ${Object.keys(framing)[0]}`, async () => {
      const connection = await client.connect()
      connection.send({ method: 'POST', target: '/two', headers: framing })
      connection.send('Content-Length' in framing ? 'half' : asChunk('half'))
      await untilLogged('1 DATA')
      connection.destroy()
      await untilLogged('1 RST 8')
      expect(upstream.log).to.deep.equal(['1 HEADERS', '1 DATA', '1 RST 8'])
    })

  it('sees that too large a body is not whole, and the client gets 413', async () => {
    const chunks = ['x'.repeat(600), 'x'.repeat(600)]
    expect((await client.ask({ method: 'POST', target: '/two', chunks })).status).to.equal(413)
    await untilLogged('1 RST 8')
    expect(upstream.log.filter((line) => line.includes('END'))).to.deep.equal([])
  })

  it('that answers early is not sent the rest of the body', async () => {
    upstream.script = (frame, connection) => void (isRequest(frame) && answer(connection, frame.stream, 'no'))
    const connection = await client.connect()
    connection.send({ method: 'POST', target: '/two', headers: { 'Content-Length': '900' } })
    expect((await connection.answer()).header('connection')).to.equal('close')
    await connection.closed()
    await untilLogged('1 RST 8')
    expect(upstream.log).to.deep.equal(['1 HEADERS', '1 RST 8'])
  })

  it('whose connection is dead is asked over another one', async () => {
    upstream.deaf = true
    upstream.script = (frame, connection) =>
      void (connection.number > 0 && isRequest(frame) && answer(connection, frame.stream))
    expect((await client.ask({ target: '/slow' })).status).to.equal(504)
    while ((await client.ask({ target: '/slow' })).status !== 200);
    expect(upstream.connections()).to.equal(2)
  })
})
