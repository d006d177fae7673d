import { expect } from 'chai'
import { answers, type EchoUpstream } from '../../support/echo-upstream.ts'
import type { RawClient } from '../../support/raw-client.ts'
import { type PublicGateway, startPublicGateway } from '../public-gateway.ts'

const HELLO = 'Content-Length: 5\r\n\r\nhello'

/** Answers no server should give, and what the gateway makes of them: 502 before the body, a broken connection in it. */
const broken: readonly (readonly [what: string, bytes: string])[] = [
  ['no HTTP', 'hello\r\n\r\n'],
  ['nothing', ''],
  ['half a status line', 'HTTP/1.1 2'],
  ['half a field', 'HTTP/1.1 200 OK\r\nX-A: b'],
  ['a status of two digits', `HTTP/1.1 20 OK\r\n${HELLO}`],
  ['a status that is no number', `HTTP/1.1 abc OK\r\n${HELLO}`],
  ['a blank before the colon', `HTTP/1.1 200 OK\r\nX-A : b\r\n${HELLO}`],
  ['length and chunks together', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', `HTTP/1.1 200 OK\r\nContent-Length: 6\r\n${HELLO}`],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello'],
  ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello'],
  ['a coding nobody asked for', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
  ['a coding nobody knows', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\nhello'],
  ['a NUL in a field', `HTTP/1.1 200 OK\r\nX-A: a\0b\r\n${HELLO}`],
  ['a bare CR in a field', `HTTP/1.1 200 OK\r\nX-A: a\rX-B: b\r\n${HELLO}`],
  ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
  ['a 100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n${HELLO}`],
  ['17 KiB of fields', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(17_000)}\r\n${HELLO}`],
]

/** Answers that are odd and still mean something: what comes of them. */
const odd: readonly (readonly [what: string, bytes: string, statusLine: RegExp, body: string])[] = [
  ['no reason', `HTTP/1.1 200 \r\n${HELLO}`, /^HTTP\/1.1 200 OK$/, 'hello'],
  ['a reason of its own', `HTTP/1.1 200 Fine, thanks\r\n${HELLO}`, /^HTTP\/1.1 200 Fine, thanks$/, 'hello'],
  ['a reason in UTF-8', `HTTP/1.1 200 \xe6\x97\xa5\xe6\x9c\xac\r\n${HELLO}`, /^HTTP\/1.1 200 OK$/, 'hello'],
  ['a reason in Latin-1', `HTTP/1.1 404 Ol\xe9\r\n${HELLO}`, /^HTTP\/1.1 404 Not Found$/, 'hello'],
  ['a status nobody knows', `HTTP/1.1 299 Odd\r\n${HELLO}`, /^HTTP\/1.1 299 Odd$/, 'hello'],
  ['a status beyond the classes', `HTTP/1.1 799 Odd\r\n${HELLO}`, /^HTTP\/1.1 799 Odd$/, 'hello'],
  ['HTTP/1.0', `HTTP/1.0 200 OK\r\n${HELLO}`, /^HTTP\/1.1 200 OK$/, 'hello'],
  ['no length at all', 'HTTP/1.1 200 OK\r\n\r\nhello', /^HTTP\/1.1 200 OK$/, 'hello'],
  ['interim answers', `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n${HELLO}`, /200 OK$/, 'hello'],
  ['204 with a length', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', /^HTTP\/1.1 204 No Content$/, ''],
  ['204 with a body', `HTTP/1.1 204 No Content\r\n${HELLO}`, /^HTTP\/1.1 204 No Content$/, ''],
  ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', /^HTTP\/1.1 304 Not Modified$/, ''],
  ['more body than its length', `HTTP/1.1 200 OK\r\n${HELLO}GET / HTTP/1.1\r\n\r\n`, /200 OK$/, 'hello'],
  ['a second answer nobody asked for', `HTTP/1.1 200 OK\r\n${HELLO}HTTP/1.1 200 OK\r\n${HELLO}`, /200 OK$/, 'hello'],
  [
    'trailers',
    'HTTP/1.1 200 OK\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n',
    /200 OK$/,
    'hello',
  ],
]

describe('An upstream that answers with', () => {
  let world: PublicGateway
  let upstream: EchoUpstream
  let client: RawClient

  before(async () => {
    world = await startPublicGateway()
    ;({ upstream, client } = world)
  })
  after(() => world.stop())

  for (const [what, bytes] of broken)
    it(`${what} is 502`, async () => {
      upstream.on('/plain/broken', answers.bytes(bytes))
      const answer = await client.ask({ target: '/plain/broken' })
      expect(answer.status).to.equal(502)
      expect(answer.json().error).to.include({ code: 'UPSTREAM_UNAVAILABLE' })
      expect(answer.json().error.details).to.deep.equal({})
    })

  for (const [what, bytes, statusLine, body] of odd)
    it(`${what} is understood`, async () => {
      upstream.on('/plain/odd', answers.bytes(bytes))
      const connection = await client.connect()
      connection.send({ target: '/plain/odd' })
      const answer = await connection.answer()
      expect(answer.statusLine).to.match(statusLine)
      expect(answer.text()).to.equal(body)
      expect(answer.header('trailer')).to.equal(undefined)
      if (answer.status === 204) expect(answer.header('content-length')).to.equal(undefined)
      expect(await connection.servesAnother()).to.equal(true)
      connection.destroy()
    })

  it('a chunk that is none breaks the answer', async () => {
    upstream.on('/plain/chunk', answers.bytes('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n'))
    const outcome = await client.ask({ target: '/plain/chunk' }).then(
      ({ status }) => status,
      () => 'broken',
    )
    expect(outcome).to.be.oneOf([502, 'broken'])
  })

  it('the answer to HEAD has no body, whatever it says', async () => {
    upstream.on('/plain/head', answers.bytes(`HTTP/1.1 200 OK\r\n${HELLO}`))
    const connection = await client.connect()
    connection.send({ method: 'HEAD', target: '/plain/head' })
    const answer = await connection.answer({ to: 'HEAD' })
    expect([answer.status, answer.header('content-length')]).to.deep.equal([200, '5'])
    expect(await connection.servesAnother()).to.equal(true)
    connection.destroy()
  })

  it('nothing twice: a request that may have been acted on is not sent again', async () => {
    for (const method of ['POST', 'PATCH', 'GET']) {
      upstream.forget()
      upstream.on('/plain/up', answers.hangingUp)
      const request = method === 'GET' ? { method } : { method, body: 'x' }
      expect((await client.ask({ ...request, target: '/plain/up' })).status).to.equal(502)
      expect(upstream.seen).to.have.length(1)
    }
  })
})
