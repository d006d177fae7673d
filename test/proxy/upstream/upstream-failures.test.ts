import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect } from 'chai'
import { answers, type EchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts'
import { freePort } from '../../support/free-port.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RawClient, rawClient } from '../../support/raw-client.ts'
import { asChunk } from '../../support/raw-messages.ts'

const PAGE = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }

describe('An upstream that fails', () => {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  before(async () => {
    upstream = await startEchoUpstream()
    gateway = await startGateway({
      routes: [
        { id: 'quick', path: '/quick', upstream: upstream.origin, auth: 'none', timeout: 0.3 },
        { id: 'away', path: '/away', upstream: `http://127.0.0.1:${await freePort()}`, auth: 'none' },
        { id: 'unnamed', path: '/unnamed', upstream: 'http://no-such-host.invalid', auth: 'none' },
        { id: 'secure', path: '/secure', upstream: upstream.origin.replace('http', 'https'), auth: 'none' },
      ],
    })
    client = rawClient(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
  })

  const rows: readonly (readonly [what: string, target: string, status: number, code: string])[] = [
    ['by not being there', '/away', 502, 'UPSTREAM_UNAVAILABLE'],
    ['by having no address', '/unnamed', 502, 'UPSTREAM_UNAVAILABLE'],
    ['by speaking no TLS', '/secure', 502, 'UPSTREAM_UNAVAILABLE'],
    ['by hanging up', '/quick/up', 502, 'UPSTREAM_UNAVAILABLE'],
    ['by not answering in time', '/quick/never', 504, 'UPSTREAM_TIMEOUT'],
    ['by beginning and not going on', '/quick/begins', 504, 'UPSTREAM_TIMEOUT'],
  ]
  before(() => {
    upstream.on('/quick/up', answers.hangingUp)
    upstream.on('/quick/never', answers.nothing)
    upstream.on('/quick/begins', ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nX-A: '))
  })

  for (const [what, target, status, code] of rows)
    it(`${what} is ${status}, with the reason in the log and nowhere else`, async () => {
      const connection = await client.connect()
      connection.send({ target })
      const [answer, page] = await Promise.all([connection.answer(), client.ask({ target, headers: PAGE })])
      expect([answer.status, answer.json().error.code]).to.deep.equal([status, code])
      expect(answer.json().error.details).to.deep.equal({})
      expect(answer.text()).not.to.match(/127\.0\.0\.1|invalid|ECONN|ENOTFOUND|UND_ERR|SSL|undici|at /)
      expect(answer.header('cache-control')).to.equal('no-store')
      expect([page.status, page.header('content-type')]).to.deep.equal([status, 'text/html; charset=utf-8'])
      expect(page.text()).to.contain(`Error ${code} · request ${page.header('x-request-id')}`)
      const isOurs = ({ correlationId, message }: Record<string, unknown>) =>
        correlationId === answer.header('x-request-id') && message === 'request failed'
      const line = gateway.logged().find(isOurs)
      expect(line).to.include({ level: 'warn', errorCode: code })
      expect(line?.reason).to.match(/^(away|unnamed|secure|quick): \w+/)
      expect(await connection.servesAnother()).to.equal(true)
      connection.destroy()
    })

  it('is left alone in the middle of an upload: the refusal comes and the rest is no request', async () => {
    const connection = await client.connect()
    connection.send({ method: 'POST', target: '/away', headers: { 'Content-Length': '1000' } })
    connection.send('x'.repeat(10))
    const answer = await connection.answer()
    expect([answer.status, answer.header('connection')]).to.deep.equal([502, 'close'])
    connection.send('x'.repeat(990))
    await connection.closed()
  })

  it('gets no more of an upload once it has answered', async () => {
    upstream.on('/quick/enough', answers.with(413, [], 'enough'))
    const connection = await client.connect()
    connection.send({ method: 'POST', target: '/quick/enough', headers: { 'Transfer-Encoding': 'chunked' } })
    connection.send(asChunk('some'))
    const answer = await connection.answer()
    expect([answer.status, answer.text(), answer.header('connection')]).to.deep.equal([413, 'enough', 'close'])
    await connection.closed()
  })

  it('and comes back is used again at once', async () => {
    const port = await freePort()
    const { stop, port: at } = await startGateway({
      routes: [{ id: 'returning', path: '/returning', upstream: `http://127.0.0.1:${port}`, auth: 'none' }],
    })
    const other = rawClient(at)
    expect((await other.ask({ target: '/returning' })).status).to.equal(502)
    const back = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nback'))
    })
    back.listen(port, '127.0.0.1')
    await once(back, 'listening')
    expect((back.address() as AddressInfo).port).to.equal(port)
    expect((await other.ask({ target: '/returning' })).text()).to.equal('back')
    back.close()
    await stop()
  })
})
