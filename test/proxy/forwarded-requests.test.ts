import { expect } from 'chai'
import type { EchoUpstream } from '../support/echo-upstream.ts'
import type { GatewayUnderTest } from '../support/gateway.ts'
import type { RawClient } from '../support/raw-client.ts'
import { type PublicGateway, startPublicGateway } from './public-gateway.ts'

describe('A public route forwards requests', () => {
  let world: PublicGateway
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient

  before(async () => {
    world = await startPublicGateway()
    ;({ upstream, gateway, client } = world)
  })
  after(() => world.stop())
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
