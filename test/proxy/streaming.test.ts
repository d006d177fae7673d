import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { answers, type EchoUpstream, type SeenRequest } from '../support/echo-upstream.ts'
import type { RawClient } from '../support/raw-client.ts'
import { asChunk } from '../support/raw-messages.ts'
import { type PublicGateway, startPublicGateway } from './public-gateway.ts'

/** Resolves when a number has not changed for two hundred turns of the event loop: nothing moves any more. */
async function standsStill(read: () => number): Promise<number> {
  for (let last = read(), quiet = 0; quiet < 200; quiet = read() === last ? quiet + 1 : 0) {
    last = read()
    await turn()
  }
  return read()
}

describe('A route streams', () => {
  let world: PublicGateway
  let upstream: EchoUpstream
  let client: RawClient

  before(async () => {
    world = await startPublicGateway()
    ;({ upstream, client } = world)
  })
  after(() => world.stop())

  /** An upstream whose answer a test writes by hand. */
  function byHand(path: string): Promise<{ seen: SeenRequest; res: ServerResponse }> {
    return new Promise((resolve) => upstream.on(path, (seen, res) => resolve({ seen, res })))
  }

  it('the beginning of an answer before there is any of its body', async () => {
    const call = byHand('/plain/quiet')
    const connection = await client.connect()
    connection.send({ target: '/plain/quiet' })
    const { res } = await call
    res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    const head = await connection.head()
    expect(head.header('content-type')).to.equal('text/event-stream')
    res.end('data: late\n\n')
    await connection.until('data: late')
    connection.destroy()
  })

  it('every piece as it comes, without waiting for the next', async () => {
    const call = byHand('/plain/pieces')
    const connection = await client.connect()
    connection.send({ target: '/plain/pieces' })
    const { res } = await call
    for (const piece of ['one', 'two', 'three']) {
      res.write(`data: ${piece}\n\n`)
      await connection.until(`data: ${piece}\n\n`)
    }
    res.end()
    await connection.until('0\r\n\r\n')
    expect(await connection.servesAnother()).to.equal(true)
    connection.destroy()
  })

  it('every piece of a request as it comes', async () => {
    const call = byHand('/plain/upload')
    const connection = await client.connect()
    const body = client.write({ method: 'POST', target: '/plain/upload', chunks: [] }).toString('latin1')
    connection.send(body.slice(0, -'0\r\n\r\n'.length))
    connection.send(asChunk('one'))
    const { seen, res } = await call
    const got: string[] = []
    const arrival = Promise.withResolvers<void>()
    seen.stream.on('data', (chunk: Buffer) => {
      got.push(chunk.toString())
      if (got.length === 1) arrival.resolve()
    })
    await arrival.promise
    expect(got).to.deep.equal(['one'])
    connection.send(`${asChunk('two')}0\r\n\r\n`)
    seen.stream.once('end', () => res.end('thanks'))
    expect((await connection.answer()).text()).to.equal('thanks')
    expect(got.join('')).to.equal('onetwo')
    connection.destroy()
  })

  describe('no further than one side is there:', () => {
    it('a client that goes while it waits ends the call', async () => {
      const arrived = upstream.next()
      upstream.on('/plain/wait', answers.nothing)
      const connection = await client.connect()
      connection.send({ target: '/plain/wait' })
      const call = await arrived
      connection.destroy()
      expect(await call.over).to.equal('cut off')
    })

    it('a client that goes in the middle of its body ends the call', async () => {
      const call = byHand('/plain/half')
      const connection = await client.connect()
      connection.send({ method: 'POST', target: '/plain/half', headers: { 'Content-Length': '10' } })
      connection.send('12345')
      const { seen } = await call
      const body = seen.body().then(
        () => 'whole',
        () => 'broken',
      )
      connection.destroy()
      expect(await body).to.equal('broken')
      expect(await seen.over).to.equal('cut off')
    })

    it('an upstream that breaks off a chunked answer', async () => {
      upstream.on(
        '/plain/cut',
        answers.brokenAfter('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'),
      )
      const connection = await client.connect()
      connection.send({ target: '/plain/cut' })
      expect((await connection.head()).status).to.equal(200)
      await connection.closed()
      const rest = await connection.until('0\r\n\r\n').catch(() => 'never came')
      expect(rest).to.equal('never came')
    })

    for (const [what, bytes] of [
      ['breaks off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
      ['ends before its length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
    ] as const)
      it(`an upstream that ${what} resets a client that knows the end of an answer by the end of the connection`, async () => {
        upstream.on('/plain/old', answers.brokenAfter(bytes))
        const connection = await client.connect()
        connection.send({ target: '/plain/old', version: 'HTTP/1.0' })
        expect(await connection.closed()).to.equal('reset')
      })

    it('an upstream that ends before its length', async () => {
      upstream.on('/plain/short', answers.bytes('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
      const broken = await client.ask({ target: '/plain/short' }).catch((error: Error) => error.message)
      expect(broken).to.match(/^the answer broke off/)
    })
  })

  it('a huge answer at the pace of its reader', async () => {
    const size = 96 * 1024 * 1024
    let written = 0
    upstream.on('/plain/huge', async (_seen, res) => {
      res.writeHead(200, { 'Content-Length': size })
      const block = Buffer.alloc(64 * 1024, 'x')
      while (written < size) {
        written += block.length
        if (!res.write(block)) await once(res, 'drain')
      }
      res.end()
    })
    const connection = await client.connect()
    connection.pause()
    connection.send({ target: '/plain/huge' })
    const ahead = await standsStill(() => written)
    expect(ahead)
      .to.be.greaterThan(0)
      .and.lessThan(size / 3)
    connection.discard()
    await connection.receives(size)
    connection.destroy()
  })

  it('a huge request at the pace of the upstream', async () => {
    const call = byHand('/wide/huge')
    const block = Buffer.alloc(64 * 1024, 'x')
    const size = 96 * 1024 * 1024
    const connection = await client.connect()
    connection.send({ method: 'POST', target: '/wide/huge', headers: { 'Content-Length': String(size) } })
    let sent = 0
    const sending = (async () => {
      for (; sent < size; sent += block.length) await connection.push(block)
    })()
    const { seen, res } = await call
    const ahead = await standsStill(() => sent)
    expect(ahead)
      .to.be.greaterThan(0)
      .and.lessThan(size / 3)
    let got = 0
    seen.stream
      .on('data', (chunk: Buffer) => {
        got += chunk.length
      })
      .once('end', () => res.end('thanks'))
    await sending
    expect((await connection.answer()).text()).to.equal('thanks')
    expect(got).to.equal(size)
    connection.destroy()
  })
})
