import { expect } from 'chai'
import { answers, type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type Over, overTcp, overTls } from '../support/over.ts'
import type { RawClient } from '../support/raw-client.ts'

const HOST = 'Host: localhost'
const chunked = (size: string) =>
  `POST /public HTTP/1.1\r\n${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\nhello\r\n0\r\n\r\n`
const post = (fields: string) => `POST /public HTTP/1.1\r\n${HOST}\r\n${fields}\r\n\r\nhello`

/** What no two servers agree on how to read, by the status it ends in. */
const unreadable: readonly (readonly [what: string, status: number, bytes: string])[] = [
  ['no HTTP at all', 501, '\r\nhello there\r\n\r\n'],
  ['a TLS greeting', 501, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['a method in small letters', 501, `get / HTTP/1.1\r\n${HOST}\r\n\r\n`],
  ['a method of punctuation', 501, `G(T / HTTP/1.1\r\n${HOST}\r\n\r\n`],
  ['no target', 400, `GET  HTTP/1.1\r\n${HOST}\r\n\r\n`],
  ['a blank in the target', 400, `GET /a b HTTP/1.1\r\n${HOST}\r\n\r\n`],
  ['another version', 400, `GET / HTTP/1.2\r\n${HOST}\r\n\r\n`],
  ['HTTP/2 without asking', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/0.9', 400, 'GET /\r\n\r\n'],
  ['a blank before the colon', 400, `GET / HTTP/1.1\r\n${HOST}\r\nX-User-Id : 1\r\n\r\n`],
  ['a folded field', 400, `GET / HTTP/1.1\r\n${HOST}\r\nX-A: 1\r\n folded\r\n\r\n`],
  ['a field without a name', 400, `GET / HTTP/1.1\r\n${HOST}\r\n: x\r\n\r\n`],
  ['a field without a colon', 400, `GET / HTTP/1.1\r\n${HOST}\r\nnothing\r\n\r\n`],
  ['a NUL in a field', 400, `GET / HTTP/1.1\r\n${HOST}\r\nX-A: a\0b\r\n\r\n`],
  ['a bare CR in a field', 400, `GET / HTTP/1.1\r\n${HOST}\r\nX-A: a\rX-B: b\r\n\r\n`],
  ['bare LF as line end', 400, `GET / HTTP/1.1\n${HOST}\n\n`],
  ['a name beyond ASCII', 400, `GET / HTTP/1.1\r\n${HOST}\r\nX\xe9: 1\r\n\r\n`],
  ['length and chunks together', 400, post('Content-Length: 5\r\nTransfer-Encoding: chunked')],
  ['two lengths', 400, post('Content-Length: 5\r\nContent-Length: 6')],
  ['two lengths that agree', 400, post('Content-Length: 5\r\nContent-Length: 5')],
  ['a list of lengths', 400, post('Content-Length: 5, 5')],
  ['a length with a sign', 400, post('Content-Length: +5')],
  ['a negative length', 400, post('Content-Length: -5')],
  ['a hexadecimal length', 400, post('Content-Length: 0x5')],
  ['an empty length', 400, post('Content-Length: ')],
  ['a length beyond all bounds', 400, post('Content-Length: 99999999999999999999')],
  ['another coding than chunked', 400, post('Transfer-Encoding: xchunked')],
  ['a coding behind chunked', 400, post('Transfer-Encoding: chunked, identity')],
  ['chunked twice', 400, post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity')],
  ['a chunk size that is no number', 400, chunked('xyz')],
  ['a chunk size with a sign', 400, chunked('+5')],
  ['a chunk size with a prefix', 400, chunked('0x5')],
  ['a chunk size beyond all bounds', 400, chunked('fffffffffffffffff')],
  ['a chunk that is longer than it says', 400, chunked('3')],
  ['16 KiB of fields', 431, `GET / HTTP/1.1\r\n${HOST}\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`],
  ['a target of 17,000 characters', 431, `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n\r\n`],
  ['more than a thousand fields', 431, `GET / HTTP/1.1\r\n${HOST}\r\n${'a:1\r\n'.repeat(1_100)}\r\n`],
  ['CONNECT', 405, `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n\r\n`],
]

describe('what cannot be read', () => tell(overTcp()))
describe('what cannot be read, over TLS', () => tell(overTls()))

function tell(over: Over): void {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  before(async () => {
    upstream = await startEchoUpstream()
    const route = { id: 'public', path: '/public', upstream: upstream.origin, auth: 'none' }
    gateway = await startGateway({ env: over.env, routes: [route] })
    client = over.client(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
    over.remove()
  })

  for (const [what, status, bytes] of unreadable)
    it(`such as ${what}, is answered with ${status} and a closed connection`, async () => {
      upstream.forget()
      const connection = await client.connect()
      connection.send(bytes.replaceAll(HOST, `Host: localhost:${gateway.port}`))
      const answer = await connection.answer()
      expect(answer.status).to.equal(status)
      expect(answer.header('connection')).to.equal('close')
      expect(answer.body.length).to.be.lessThan(500)
      await connection.closed()
      for (const seen of upstream.seen) await seen.body().then(shouldBreakOff, () => undefined)
    })

  it('never becomes part of an answer that is on its way', async () => {
    upstream.on('/public/stream', (_seen, res) => void res.writeHead(200).write('the first part'))
    const connection = await client.connect()
    connection.send({ target: '/public/stream' })
    await connection.until('the first part')
    const arrived = connection.received()
    connection.send('this is no request\r\n\r\n')
    await connection.closed()
    const rest = connection.received() - arrived
    // What is left of the chunk that was being read, and not a byte more.
    expect(rest).to.be.at.most(2)
  })

  it('behind a good request does not keep that from being answered first', async () => {
    const connection = await client.connect()
    const good = client.write({ target: '/health' }).toString('latin1')
    connection.send(`${good}this is no request\r\n\r\n`)
    expect((await connection.answer()).status).to.equal(200)
    await connection.closed()
  })

  for (const [what, bytes] of [
    ['garbage', 'this is no request\r\n\r\n'],
    ['a second request without an end', `GET /public HTTP/1.1\r\nHost: x\r\nX-A : 1\r\n`],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ] as const)
    it(`is not taken for the answer to an earlier request that waits for its own: ${what}`, async () => {
      const asked = upstream.next()
      const { promise: mayAnswer, resolve: answerNow } = Promise.withResolvers<void>()
      upstream.on('/public/slow', async (_seen, res) => {
        await mayAnswer
        res.end('slow')
      })
      const connection = await client.connect()
      const slow = client.write({ target: '/public/slow' }).toString('latin1')
      connection.send(slow + slow + bytes)
      await asked
      answerNow()
      for (const _ of [1, 2]) expect((await connection.answer()).text()).to.equal('slow')
      expect((await connection.answer()).status).to.be.oneOf([400, 405, 501])
      await connection.closed()
    })

  it('behind a last request is not read at all', async () => {
    const connection = await client.connect()
    const last = client.write({ target: '/public', headers: { Connection: 'close' } }).toString('latin1')
    connection.send(`${last}this is no request\r\n\r\n`)
    expect((await connection.rest()).match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 200'])
  })

  it('does not disturb the next client', async () => {
    expect((await client.ask({ target: '/public' })).status).to.equal(200)
  })

  it('is no reason to fall, even when the client is gone before the answer', async () => {
    for (const [, , bytes] of unreadable) {
      const connection = await client.connect()
      connection.send(bytes)
      connection.destroy()
    }
    expect((await client.ask({ target: '/health' })).status).to.equal(200)
  })

  it('leaves an upstream that breaks the rules without harm', async () => {
    upstream.on('/public/odd', answers.bytes('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'))
    expect((await client.ask({ target: '/public/odd' })).status).to.equal(502)
  })
}

function shouldBreakOff(body: Buffer): void {
  throw new Error(`the upstream got a whole request with the body "${body.toString('latin1')}"`)
}
