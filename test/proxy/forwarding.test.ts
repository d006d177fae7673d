import { expect } from 'chai'
import { answers, type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'

describe('A public route forwards', () => {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient

  before(async () => {
    upstream = await startEchoUpstream()
    gateway = await startGateway({
      env: { MAX_BODY: '1000' },
      routes: [
        { id: 'plain', path: '/plain', upstream: upstream.origin, auth: 'none' },
        {
          id: 'based',
          path: '/based',
          upstream: `${upstream.origin}/base`,
          stripPath: true,
          auth: 'none',
          methods: ['GET', 'POST'],
        },
        { id: 'nested', path: '/plain/nested', upstream: `${upstream.origin}/other`, stripPath: true, auth: 'none' },
        { id: 'jar', path: '/jar', upstream: upstream.origin, auth: 'none', cookies: 'pass', setCookie: 'pass' },
        { id: 'slow', path: '/slow', upstream: upstream.origin, auth: 'none', timeout: 1 },
        { id: 'dead', path: '/dead', upstream: 'http://127.0.0.1:9', auth: 'none' },
      ],
    })
    client = rawClient(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
  })
  beforeEach(() => upstream.forget())

  const PATHS: [sent: string, seen: string][] = [
    ['/plain', '/plain'],
    ['/plain/7?a=%2f..&b=%zz;c', '/plain/7?a=%2f..&b=%zz;c'],
    ['/plain/%7e%41', '/plain/~A'],
    ['/plain/caf%c3%a9/', '/plain/caf%C3%A9/'],
    ['/based', '/base'],
    ['/based/', '/base/'],
    ['/based/7?x', '/base/7?x'],
    ['/plain/nested/1', '/other/1'],
    ['/plain/nestedx', '/plain/nestedx'],
  ]
  for (const [sent, seen] of PATHS) {
    it(`${sent} as ${seen}`, async () => {
      expect((await client.ask({ target: sent })).status).to.equal(200)
      expect(upstream.last().target).to.equal(seen)
    })
  }

  for (const target of ['/Plain', '/plainx', '/PLAIN/1', '/basedx', '/', '/api/v1/admin/users']) {
    it(`not ${target}`, async () => {
      expect((await client.ask({ target })).status).to.be.oneOf([401, 404])
      expect(upstream.seen).to.deep.equal([])
    })
  }

  for (const expecting of [false, true]) {
    describe(expecting ? 'with Expect: 100-continue' : 'without Expect', () => {
      it('no header that only the gateway may write, and none between neighbours', async () => {
        const hostile = {
          Connection: 'keep-alive, X-Request-Id, X-Forwarded-For, Host, X-Nominated',
          'X-Nominated': '1',
          'Keep-Alive': '1',
          'Proxy-Authorization': 'Basic eA==',
          TE: 'trailers',
          Trailer: 'X-Late',
          Upgrade: 'h2c',
          'HTTP2-Settings': 'x',
          Authorization: 'Bearer stolen',
          Cookie: 'cloakroom=s%3Ax.y; other=1',
          'X-User-Id': 'root',
          x_user_id: 'root',
          'X.User.Roles': 'admin',
          'X-User': 'root',
          'X-Tenant-Id': 't',
          'X-Forwarded-For': '6.6.6.6',
          X_Forwarded_Proto: 'https',
          Forwarded: 'for=6.6.6.6',
          'X-Real-IP': '6.6.6.6',
          'Remote-User': 'root',
          'X-Remote-User': 'root',
          'X-Auth-Request-User': 'root',
          'X-Authenticated-Userid': 'root',
          'X-Original-URL': '/admin',
          'X-Rewrite-URL': '/admin',
          'X-Client-Cert': 'x',
          'X-HTTP-Method-Override': 'DELETE',
          'X-Request-Id': ['one-of-mine', 'two-of-mine'],
          traceparent: 'nonsense',
          'X-Kept': 'yes',
          ...(expecting ? { Expect: '100-continue' } : {}),
        }
        const answer = await client.ask({ method: 'POST', target: '/plain', headers: hostile, body: 'hello' })
        expect(answer.status).to.equal(200)
        const seen = upstream.last()
        expect((await seen.body()).toString()).to.equal('hello')
        expect(seen.names()).to.have.members([
          'host',
          'connection',
          'content-length',
          'x-kept',
          'x-request-id',
          'traceparent',
          'x-forwarded-for',
          'x-forwarded-host',
          'x-forwarded-proto',
        ])
        expect(seen.values('x-forwarded-for')).to.deep.equal(['127.0.0.1'])
        expect(seen.values('host')).to.deep.equal([`127.0.0.1:${upstream.port}`])
        expect(seen.values('x-request-id')).to.deep.equal([answer.header('x-request-id')])
        expect(seen.header('x-request-id')).to.not.include('mine')
        expect(seen.header('connection')).to.equal('keep-alive')
      })
    })
  }

  it('foreign cookies where the route says so, its own never', async () => {
    await client.ask({
      target: '/jar',
      headers: { Cookie: 'a=1; cloakroom=x; __Host-cloakroom-login-1=y; "cloakroom"=z; b=2' },
    })
    expect(upstream.last().values('cookie')).to.deep.equal(['a=1; b=2'])
  })

  it('answers without hop-by-hop, cookie, CORS and framing fields, and with security headers of its own', async () => {
    upstream.on(
      '/plain/answer',
      answers.with(
        200,
        [
          ...['Connection', 'X-Private', 'X-Private', '1', 'Set-Cookie', 'a=1', 'Set-Cookie', '__Host-cloakroom=evil'],
          ...[
            'Access-Control-Allow-Origin',
            '*',
            'X-Frame-Options',
            'ALLOWALL',
            'Server',
            'secret/1',
            'X-Powered-By',
            'x',
          ],
          ...['Strict-Transport-Security', 'max-age=0', 'X-Kept', 'one', 'X-Kept', 'two', 'Content-Type', 'text/plain'],
        ],
        'hi',
      ),
    )
    const answer = await client.ask({ target: '/plain/answer' })
    expect(answer.text()).to.equal('hi')
    for (const gone of [
      'x-private',
      'set-cookie',
      'access-control-allow-origin',
      'server',
      'x-powered-by',
      'strict-transport-security',
    ]) {
      expect(answer.header(gone), gone).to.equal(undefined)
    }
    expect(answer.values('x-frame-options')).to.deep.equal(['DENY'])
    expect(answer.values('x-kept')).to.deep.equal(['one', 'two'])
    expect(answer.header('x-content-type-options')).to.equal('nosniff')
  })

  it("Set-Cookie twice stays twice where the route passes it, and never sets the gateway's own", async () => {
    upstream.on(
      '/jar/set',
      answers.with(200, [
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2; Path=/',
        'Set-Cookie',
        ' __HOST-Cloakroom=evil',
        'Set-Cookie',
        'cloakroom=evil',
      ]),
    )
    expect((await client.ask({ target: '/jar/set' })).values('set-cookie')).to.deep.equal(['a=1', 'b=2; Path=/'])
  })

  it('bodies with a length and chunked, byte for byte', async () => {
    await client.ask({ method: 'POST', target: '/plain', body: 'x'.repeat(1000) })
    expect((await upstream.last().body()).length).to.equal(1000)
    await client.ask({ method: 'POST', target: '/plain', chunks: ['ab', 'cd'] })
    expect((await upstream.last().body()).toString()).to.equal('abcd')
  })

  it('413 for too long a body, announced or not, and the rest never becomes a request', async () => {
    for (const body of [
      { body: `${'x'.repeat(1001)}GET /plain/smuggled HTTP/1.1\r\nHost: x\r\n\r\n` },
      { chunks: ['x'.repeat(600), 'y'.repeat(600)] },
    ]) {
      const connection = await client.connect()
      connection.send({ method: 'POST', target: '/plain', ...body })
      const answer = await connection.answer()
      expect(answer.status).to.equal(413)
      expect(answer.json().error.code).to.equal('PAYLOAD_TOO_LARGE')
      // A body that has come whole was read whole; of another one the connection is not used again.
      if (answer.header('connection') === 'close') await connection.closed()
      connection.destroy()
    }
    expect(upstream.seen.map(({ target }) => target)).to.not.include('/plain/smuggled')
  })

  it('405 with Allow for methods the route does not name; HEAD follows GET', async () => {
    const refused = await client.ask({ method: 'DELETE', target: '/based/1' })
    expect([refused.status, refused.header('allow')]).to.deep.equal([405, 'GET, POST, HEAD'])
    const head = await client.ask({ method: 'HEAD', target: '/based/1' })
    expect([head.status, head.body.length]).to.deep.equal([200, 0])
  })

  it('redirects of the upstream as addresses of its own', async () => {
    upstream.on('/base/go', answers.with(302, ['Location', `${upstream.origin}/base/there?x=1`]))
    expect((await client.ask({ target: '/based/go' })).header('location')).to.equal('/based/there?x=1')
    upstream.on('/base/away', answers.with(302, ['Location', 'https://elsewhere.example/']))
    expect((await client.ask({ target: '/based/away' })).header('location')).to.equal('https://elsewhere.example/')
  })

  it('server-sent events one by one, and ends the call when the client goes', async () => {
    upstream.on('/plain/events', async (_seen, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      res.write('data: one\n\n')
    })
    const connection = await client.connect()
    const arrived = upstream.next()
    connection.send({ target: '/plain/events' })
    await connection.until('data: one')
    const call = await arrived
    connection.destroy()
    expect(await call.over).to.equal('cut off')
  })

  it('a body that breaks off as a connection that breaks off', async () => {
    upstream.on('/plain/broken', answers.brokenAfter('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    const connection = await client.connect()
    connection.send({ target: '/plain/broken' })
    expect((await connection.head()).status).to.equal(200)
    await connection.closed()
  })

  const FAILURES: [
    what: string,
    target: string,
    script: Parameters<EchoUpstream['on']>[1] | undefined,
    status: number,
  ][] = [
    ['502 when nobody listens', '/dead', undefined, 502],
    ['502 when it hangs up', '/plain/up', answers.hangingUp, 502],
    ['502 for what is not HTTP', '/plain/odd', answers.bytes('SSH-2.0-x\r\n\r\n'), 502],
    [
      '502 for a header with control characters',
      '/plain/ctl',
      answers.bytes('HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n'),
      502,
    ],
    ['504 when it does not answer in time', '/slow/never', answers.nothing, 504],
  ]
  for (const [what, target, script, status] of FAILURES) {
    it(what, async () => {
      if (script !== undefined) upstream.on(target, script)
      const answer = await client.ask({ target })
      expect(answer.status).to.equal(status)
      expect(answer.json().error.details).to.deep.equal({})
      expect(answer.text()).to.not.match(/127\.0\.0\.1|ECONN|UND_ERR/)
    })
  }

  it('204, 304 and early answers, and keeps the connection only when the body was read', async () => {
    upstream.on('/plain/none', answers.with(204))
    expect((await client.ask({ target: '/plain/none' })).status).to.equal(204)
    upstream.on('/plain/same', answers.with(304, ['ETag', '"1"']))
    expect((await client.ask({ target: '/plain/same' })).status).to.equal(304)
    upstream.on('/plain/early', answers.with(403, [], 'no'))
    const connection = await client.connect()
    connection.send(`POST /plain/early HTTP/1.1\r\nHost: localhost:${gateway.port}\r\nContent-Length: 500\r\n\r\nabc`)
    const early = await connection.answer()
    expect([early.status, early.header('connection')]).to.deep.equal([403, 'close'])
    connection.destroy()
  })

  it('announced and sent trailers without harm', async () => {
    const answer = await client.ask(
      `POST /plain HTTP/1.1\r\nHost: localhost:${gateway.port}\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n2\r\nhi\r\n0\r\nX-Late: 1\r\nX-User-Id: root\r\n\r\n`,
    )
    expect(answer.status).to.equal(200)
    expect(upstream.last().header('x-user-id')).to.equal(undefined)
    expect((await client.ask({ target: '/health' })).status).to.equal(200)
  })

  it('pipelined requests in their order', async () => {
    const connection = await client.connect()
    connection.send(Buffer.concat([client.write({ target: '/plain/1' }), client.write({ target: '/plain/2' })]))
    expect((await connection.answer()).json().target).to.equal('/plain/1')
    expect((await connection.answer()).json().target).to.equal('/plain/2')
    connection.destroy()
  })
})
