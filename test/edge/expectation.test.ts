import { expect } from 'chai'
import { answers, type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { freePort } from '../support/free-port.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'

const EXPECT = { Expect: '100-continue' }

describe('Expect: 100-continue', () => {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  before(async () => {
    upstream = await startEchoUpstream()
    const route = { upstream: upstream.origin, auth: 'none' }
    gateway = await startGateway({
      env: { MAX_BODY: '1000' },
      routes: [
        { ...route, id: 'public', path: '/public' },
        { ...route, id: 'reading', path: '/reading', methods: ['GET'] },
        { ...route, id: 'private', path: '/private', auth: ['session'] },
        { ...route, id: 'gone', path: '/gone', upstream: `http://127.0.0.1:${await freePort()}` },
      ],
    })
    client = rawClient(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
  })
  beforeEach(() => upstream.forget())

  it('is answered when the body is about to be read, and the body goes through', async () => {
    const connection = await client.connect()
    connection.send({ method: 'POST', target: '/public', headers: { ...EXPECT, 'Content-Length': '5' } })
    expect(await connection.until('\r\n\r\n')).to.equal('HTTP/1.1 100 Continue\r\n\r\n')
    connection.send('hello')
    expect((await connection.answer()).status).to.equal(200)
    expect((await upstream.last().body()).toString()).to.equal('hello')
    expect(await connection.servesAnother()).to.equal(true)
  })

  it('is answered for a chunked body, too', async () => {
    const answer = await client.ask({ method: 'PUT', target: '/public', headers: EXPECT, chunks: ['hel', 'lo'] })
    expect(answer.interim).to.deep.equal([100])
    expect((await upstream.last().body()).toString()).to.equal('hello')
  })

  it('is not passed on', async () => {
    await client.ask({ method: 'POST', target: '/public', headers: EXPECT, body: 'hello' })
    expect(upstream.last().names()).not.to.include('expect')
  })

  it('is met by nothing when there is no body', async () => {
    const answer = await client.ask({ target: '/public', headers: EXPECT })
    expect(answer.status).to.equal(200)
    expect(answer.interim).to.deep.equal([])
  })

  describe('of a refused request is not met:', () => {
    const refusals: readonly (readonly [what: string, status: number, target: string, length: number])[] = [
      ['no such path', 404, '/nowhere', 5],
      ['an ambiguous path', 400, '/public/../x', 5],
      ['another method', 405, '/reading', 5],
      ['nobody signed in', 401, '/private', 5],
      ['a body that is too large', 413, '/public', 1_001],
      ['an upstream that is away', 502, '/gone', 5],
      ['an own endpoint', 405, '/health', 5],
    ]
    for (const [what, status, target, length] of refusals)
      it(what, async () => {
        const connection = await client.connect()
        connection.send({ method: 'POST', target, headers: { ...EXPECT, 'Content-Length': String(length) } })
        const answer = await connection.answer()
        expect(answer.status).to.equal(status)
        expect(answer.interim).to.deep.equal([])
        expect(answer.header('connection')).to.equal('close')
        await connection.closed()
        expect(upstream.seen).to.have.length(0)
      })
  })

  for (const expectation of ['tea', '100-continue, tea', '200-ok'])
    it(`any other, such as ${expectation}, is 417 like every refusal`, async () => {
      const answer = await client.ask({
        method: 'POST',
        target: '/public',
        headers: { Expect: expectation },
        body: 'x',
      })
      expect(answer.status).to.equal(417)
      expect(answer.json().error.code).to.equal('EXPECTATION_FAILED')
      expect(answer.header('x-content-type-options')).to.equal('nosniff')
      expect(answer.header('x-request-id')).to.equal(answer.json().error.correlationId)
      expect(answer.interim).to.deep.equal([])
      expect(upstream.seen).to.have.length(0)
    })

  for (const expectation of ['100-continue', 'tea'])
    it(`that nobody met, such as ${expectation}, ends the connection or leaves it in use, and says which`, async () => {
      const connection = await client.connect()
      connection.send({ target: '/public', headers: { Expect: expectation } })
      const answer = await connection.answer()
      expect(await connection.servesAnother()).to.equal(answer.header('connection') !== 'close')
      connection.destroy()
    })

  it('means nothing in HTTP/1.0', async () => {
    for (const expectation of ['100-continue', 'tea']) {
      const headers = { Expect: expectation }
      const answer = await client.ask({
        method: 'POST',
        version: 'HTTP/1.0',
        target: '/public',
        headers,
        body: 'hello',
      })
      expect([answer.status, answer.interim]).to.deep.equal([200, []])
    }
  })

  it('does not hide an early answer', async () => {
    upstream.on('/public/early', answers.with(409, [], 'too late'))
    const answer = await client.ask({ method: 'POST', target: '/public/early', headers: EXPECT, body: 'hello' })
    expect([answer.status, answer.interim]).to.deep.equal([409, [100]])
  })
})
