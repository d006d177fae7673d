import { expect } from 'chai'
import { answers, type EchoUpstream } from '../support/echo-upstream.ts'
import type { GatewayUnderTest } from '../support/gateway.ts'
import type { RawClient } from '../support/raw-client.ts'
import { type PublicGateway, startPublicGateway } from './public-gateway.ts'

describe('A public route passes on answers', () => {
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
})
