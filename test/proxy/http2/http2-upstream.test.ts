import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { answers } from '../../support/echo-upstream.ts'
import { type Http2World, startHttp2World } from './http2-world.ts'

describe('An upstream that speaks HTTP/2', () => {
  let world: Http2World
  before(async () => {
    world = await startHttp2World()
  })
  after(() => world.stop())
  beforeEach(() => world.upstream.forget())

  it('is asked in HTTP/2 where the route says so, and in HTTP/1.1 elsewhere', async () => {
    const { client, upstream } = world
    expect((await client.ask({ target: '/two/x?a=1' })).json()).to.include({ method: 'GET', target: '/two/x?a=1' })
    expect(upstream.last().version).to.equal('2.0')
    expect((await client.ask({ target: '/one/x' })).status).to.equal(200)
    expect(upstream.last().version).to.equal('1.1')
  })

  it('that does not offer it is asked in HTTP/1.1, with bodies and all', async () => {
    const { client, elder } = world
    const asked = Array.from({ length: 20 }, (_, n) =>
      client.ask({ method: 'POST', target: `/elder/${n}`, body: `body ${n}` }),
    )
    for (const [n, answer] of (await Promise.all(asked)).entries())
      expect(Buffer.from(answer.json().body, 'base64').toString()).to.equal(`body ${n}`)
    expect(new Set(elder.seen.map(({ version }) => version))).to.deep.equal(new Set(['1.1']))
  })

  it('is told its own name, and nothing about connections', async () => {
    const headers = {
      TE: 'trailers',
      Connection: 'x-gone',
      'X-Gone': '1',
      'Keep-Alive': 'x',
      Upgrade: 'h2c',
      'X-Stays': '1',
    }
    await world.client.ask({ target: '/two', headers })
    const seen = world.upstream.last()
    expect(seen.values('host')).to.deep.equal([`localhost:${world.upstream.port}`])
    expect(seen.names())
      .to.include('x-stays')
      .and.not.include.members(['te', 'x-gone', 'keep-alive', 'upgrade', 'connection'])
  })

  it('is given cookies as they came, one field each', async () => {
    await world.client.ask({ target: '/jar', headers: { Cookie: ['a=1; cloakroom=x', 'b=2'] } })
    expect(world.upstream.last().values('cookie')).to.deep.equal(['a=1', 'b=2'])
  })

  it('is given every field as often as the client sent it, in its order', async () => {
    const headers = {
      'X-A': ['1', '2'],
      'x-b': 'caf\xe9',
      'Content-Type': ['text/a', 'text/b'],
      __proto__x: '1',
      x_y: '',
    }
    const answer = await world.client.ask({ method: 'POST', target: '/two', headers, body: 'x' })
    expect(answer.status).to.equal(200)
    const seen = world.upstream.last()
    expect(seen.values('x-a')).to.deep.equal(['1', '2'])
    expect(seen.values('x-b')).to.deep.equal(['caf\xe9'])
    expect(seen.values('content-type')).to.deep.equal(['text/a', 'text/b'])
    expect(seen.values('__proto__x')).to.deep.equal(['1'])
    expect(seen.values('x_y')).to.deep.equal([''])
  })

  it('answers with its fields, without what is between neighbours', async () => {
    const fields = [
      'X-A',
      '1',
      'X-A',
      '2',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'cloakroom=evil',
      'Server',
      'x',
      'X-L',
      'caf\xe9',
    ]
    world.upstream.on('/jar/fields', (seen, res) => void res.writeHead(201, fields).end(seen.method))
    const answer = await world.client.ask({ target: '/jar/fields' })
    expect(answer.statusLine).to.equal('HTTP/1.1 201 Created')
    expect(answer.values('x-a')).to.deep.equal(['1', '2'])
    expect(answer.values('set-cookie')).to.deep.equal(['a=1'])
    expect(answer.values('x-l')).to.deep.equal(['caf\xe9'])
    expect(answer.header('server')).to.equal(undefined)
    expect(answer.text()).to.equal('GET')
    expect(answer.headers.filter(([name]) => name.startsWith(':'))).to.deep.equal([])
  })

  for (const status of [204, 304, 404, 421, 500, 503])
    it(`answers ${status}, which is passed on`, async () => {
      world.upstream.on(
        '/two/status',
        answers.with(status, ['X-Is', 'whole'], status === 204 || status === 304 ? '' : 'text'),
      )
      const answer = await world.client.ask({ target: '/two/status' })
      expect([answer.status, answer.header('x-is')]).to.deep.equal([status, 'whole'])
      expect(world.upstream.seen).to.have.length(1)
    })

  it('answers HEAD without a body and with the length', async () => {
    world.upstream.on('/two/head', (_seen, res) => void res.writeHead(200, { 'Content-Length': 5 }).end())
    const answer = await world.client.ask({ method: 'HEAD', target: '/two/head' })
    expect([answer.status, answer.header('content-length')]).to.deep.equal([200, '5'])
  })

  it('may send interim answers and trailers, which go no further', async () => {
    world.upstream.on('/two/trailers', (_seen, res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload' })
      res.writeHead(200)
      res.write('body')
      res.addTrailers({ 'x-checksum': '1' })
      res.end()
    })
    const connection = await world.client.connect()
    connection.send({ target: '/two/trailers', headers: { Connection: 'close' } })
    const text = await connection.rest()
    expect(text)
      .to.match(/^HTTP\/1\.1 200 /)
      .and.contain('body')
      .and.not.match(/x-checksum|HTTP\/1\.1 103/i)
  })

  it('gets bodies with a length and in chunks, byte for byte', async () => {
    const bytes = randomBytes(3_000_000)
    const hash = createHash('sha256').update(bytes).digest('hex')
    world.upstream.on('/wide/hash', async (seen, res) => {
      res.end(
        createHash('sha256')
          .update(await seen.body())
          .digest('hex'),
      )
    })
    const sized = await world.client.ask({ method: 'PUT', target: '/wide/hash', body: bytes })
    expect(sized.text()).to.equal(hash)
    expect(world.upstream.last().header('content-length')).to.equal('3000000')
    const chunked = await world.client.ask({ method: 'POST', target: '/wide/x', chunks: ['one, ', 'two, ', 'three'] })
    expect(Buffer.from(chunked.json().body, 'base64').toString()).to.equal('one, two, three')
  })

  it('sends bodies of many megabytes, byte for byte', async () => {
    const bytes = randomBytes(20_000_000)
    world.upstream.on('/two/big', (_seen, res) => void res.end(bytes))
    expect((await world.client.ask({ target: '/two/big' })).body.equals(bytes)).to.equal(true)
  })

  it('answers a hundred at once over one connection', async () => {
    const { client, upstream } = world
    const held: (() => void)[] = []
    upstream.on('/two/held', (seen, res) => void held.push(() => res.end(seen.header('x-number'))))
    const asked = Array.from({ length: 100 }, (_, n) =>
      client.ask({ target: '/two/held', headers: { 'X-Number': String(n) } }),
    )
    while (held.length < 100) await upstream.next()
    expect(new Set(upstream.seen.map(({ socket }) => socket.remotePort)).size).to.equal(1)
    for (const answer of held) answer()
    expect((await Promise.all(asked)).map((answer) => answer.text())).to.deep.equal(asked.map((_, n) => String(n)))
  })

  it('is asked over further connections when one is full', async () => {
    const { client, upstream } = world
    const held: (() => void)[] = []
    upstream.on('/two/full', (_seen, res) => void held.push(() => res.end('ok')))
    const asked = Array.from({ length: 230 }, () => client.ask({ target: '/two/full' }))
    while (held.length < 230) await upstream.next()
    expect(new Set(upstream.seen.map(({ socket }) => socket.remotePort)).size).to.equal(3)
    for (const answer of held) answer()
    expect((await Promise.all(asked)).every(({ status }) => status === 200)).to.equal(true)
  })
})
