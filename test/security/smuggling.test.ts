import { expect } from 'chai'
import fc from 'fast-check'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type Over, overTcp, overTls } from '../support/over.ts'
import type { RawClient } from '../support/raw-client.ts'

const SMUGGLED = 'GET /public/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'

describe('A request inside of a request', () => tell(overTcp()))
describe('A request inside of a request, over TLS', () => tell(overTls()))

function tell(over: Over): void {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  before(async () => {
    upstream = await startEchoUpstream()
    const route = { upstream: upstream.origin, auth: 'none' }
    gateway = await startGateway({
      env: { ...over.env, MAX_BODY: '2000' },
      routes: [
        { ...route, id: 'public', path: '/public' },
        { ...route, id: 'reading', path: '/reading', methods: ['GET'] },
        { ...route, id: 'private', path: '/private', auth: ['session'] },
      ],
    })
    client = over.client(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
    over.remove()
  })
  beforeEach(() => upstream.forget())

  const inner = () => SMUGGLED.replace('localhost', `localhost:${gateway.port}`)
  const smuggled = () => upstream.seen.filter(({ target }) => target === '/public/smuggled')

  /**
   * Sends bytes and behind them requests that end the connection, however much of them is taken for a body; answers the
   * statuses of all that came until then.
   */
  async function sendAndWait(bytes: string): Promise<number[]> {
    const connection = await client.connect()
    const last = client.write({ target: '/health', headers: { Connection: 'close' } }).toString('latin1')
    connection.send(bytes + last.repeat(3))
    const statuses: number[] = []
    for (let open = true; open; ) {
      await connection.answer().then(
        ({ status }) => statuses.push(status),
        () => {
          open = false
        },
      )
    }
    connection.destroy()
    return statuses
  }

  const head = (fields: string) => `POST /public/outer HTTP/1.1\r\nHost: localhost:${gateway.port}\r\n${fields}\r\n\r\n`
  const tricks: readonly (readonly [what: string, bytes: () => string])[] = [
    ['an expectation of nothing', () => `${head('Expect: 100-continue\r\nContent-Length: 0')}${inner()}`],
    [
      'an expectation that is refused',
      () => `${head('Expect: 100-continue, 100-continue\r\nTransfer-Encoding: chunked')}0\r\n\r\n${inner()}`,
    ],
    ['length before chunks', () => `${head('Content-Length: 6\r\nTransfer-Encoding: chunked')}0\r\n\r\n${inner()}`],
    ['chunks before length', () => `${head('Transfer-Encoding: chunked\r\nContent-Length: 6')}0\r\n\r\n${inner()}`],
    ['two lengths', () => `${head('Content-Length: 0\r\nContent-Length: 70')}${inner()}`],
    ['a list of lengths', () => `${head('Content-Length: 0, 70')}${inner()}`],
    ['a coding with a tab', () => `${head('Transfer-Encoding:\tchunked\r\nContent-Length: 70')}0\r\n\r\n${inner()}`],
    ['a coding in quotes', () => `${head('Transfer-Encoding: "chunked"')}0\r\n\r\n${inner()}`],
    ['a coding with a vertical tab', () => `${head('Transfer-Encoding: \x0bchunked')}0\r\n\r\n${inner()}`],
    ['two codings', () => `${head('Transfer-Encoding: chunked\r\nTransfer-Encoding: cow')}0\r\n\r\n${inner()}`],
    [
      'a coding in disguise',
      () => `${head('Transfer_Encoding: chunked\r\nContent-Length: 5')}0\r\n\r\n${inner().slice(0, 0)}`,
    ],
    ['a blank before the colon', () => `${head('Content-Length : 70')}${inner()}`],
    ['a folded field', () => `${head('X-A: 1\r\n Content-Length: 70')}${inner()}`],
    ['a bare CR', () => `${head('X-A: 1\rContent-Length: 70')}${inner()}`],
    ['a bare LF', () => `${head('X-A: 1\nContent-Length: 70')}${inner()}`],
    ['a chunk extension with a line break', () => `${head('Transfer-Encoding: chunked')}3;a=\n\r\nabc\r\n0\r\n\r\n`],
    ['a chunk that ends in LF', () => `${head('Transfer-Encoding: chunked')}3\r\nabc\n0\r\n\r\n${inner().slice(0, 0)}`],
    [
      'a chunk size that overflows',
      () => `${head('Transfer-Encoding: chunked')}100000000000000003\r\nabc\r\n0\r\n\r\n`,
    ],
    ['chunks in HTTP/1.0', () => `${head('Transfer-Encoding: chunked').replace('1.1', '1.0')}0\r\n\r\n${inner()}`],
  ]

  for (const [what, bytes] of tricks)
    it(`is not made by ${what}`, async () => {
      await sendAndWait(bytes())
      expect(smuggled()).to.deep.equal([])
    })

  const refusals: readonly (readonly [what: string, target: string, status: number])[] = [
    ['an ambiguous path', '/public/../x', 400],
    ['nobody being signed in', '/private', 401],
    ['no such path', '/nowhere', 404],
    ['another method', '/reading', 405],
    ['too large a body', '/public', 413],
    ['an own endpoint that reads no body', '/health', 405],
  ]
  for (const [what, target, status] of refusals)
    for (const kind of ['with a length', 'in chunks'])
      it(`is not made of the body ${kind} that was refused for ${what}`, async () => {
        const filler = 'x'.repeat(3_000)
        const body = kind === 'with a length' ? { body: filler + inner() } : { chunks: [filler, inner()] }
        const bytes = client.write({ method: 'POST', target, ...body }).toString('latin1')
        const connection = await client.connect()
        // All but the last bytes: the refusal has to come before the body is there.
        connection.send(bytes.slice(0, 1_000))
        const answer = status === 413 && kind === 'in chunks' ? undefined : await connection.answer()
        connection.send(bytes.slice(1_000))
        const { status: told, header } = answer ?? (await connection.answer())
        expect(told).to.equal(status)
        // Either the rest was read as the body that it is, or nobody reads it at all.
        if (header('connection') === 'close') await connection.closed()
        else expect(await connection.servesAnother()).to.equal(true)
        connection.destroy()
        expect(smuggled()).to.deep.equal([])
      })

  it('is not made of a body that the upstream did not read', async () => {
    upstream.on('/public/early', (_seen, res) => void res.writeHead(200, { 'Content-Length': 2 }).end('no'))
    const bytes = client
      .write({ method: 'POST', target: '/public/early', body: 'x'.repeat(1_000) + inner() })
      .toString('latin1')
    const connection = await client.connect()
    connection.send(bytes.slice(0, 700))
    const answer = await connection.answer()
    expect([answer.status, answer.header('connection')]).to.deep.equal([200, 'close'])
    connection.send(bytes.slice(700))
    await connection.closed()
    expect(smuggled()).to.deep.equal([])
  })

  it('does not come of any mixture of framing', async () => {
    const field = fc.constantFrom(
      'Content-Length: 0',
      'Content-Length: 6',
      'Content-Length: 70',
      'content-length:70',
      'Transfer-Encoding: chunked',
      'transfer-encoding: CHUNKED',
      'Transfer-Encoding: identity',
      'Transfer_Encoding: chunked',
      'Content_Length: 0',
      'Connection: close',
      'Connection: content-length',
      'Connection: transfer-encoding',
      'Expect: 100-continue',
      'Upgrade: h2c',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(field, { maxLength: 4 }),
        fc.constantFrom('', '0\r\n\r\n', '6\r\nabcdef\r\n0\r\n\r\n'),
        async (fields, start) => {
          upstream.forget()
          const outer = `POST /public/outer HTTP/1.1\r\nHost: localhost:${gateway.port}\r\n${fields.map((line) => `${line}\r\n`).join('')}\r\n`
          const statuses = await sendAndWait(outer + start + inner())
          // The upstream is asked a second time only when the gateway itself read two requests, which nothing was wrong with.
          if (smuggled().length > 0) expect(statuses).to.deep.equal([200, 200, 200])
          for (const seen of upstream.seen) expect(seen.values('host')).to.deep.equal([`127.0.0.1:${upstream.port}`])
          expect(upstream.seen.length).to.be.at.most(2)
        },
      ),
      { numRuns: 150 },
    )
  })
}
