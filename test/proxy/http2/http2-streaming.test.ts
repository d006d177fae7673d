import type { Http2ServerResponse } from 'node:http2'
import { expect } from 'chai'
import { asChunk } from '../../support/raw-messages.ts'
import { type Http2World, startHttp2World } from './http2-world.ts'

const MEGABYTE = 1_048_576

/** The HTTP/2 stream of an answer. */
const streamOf = (res: unknown) => (res as Http2ServerResponse).stream

describe('A stream of HTTP/2', () => {
  let world: Http2World
  beforeEach(async () => {
    world = await startHttp2World()
  })
  afterEach(() => world.stop())

  it('brings an answer piece by piece', async () => {
    let more: () => void = () => undefined
    world.upstream.on('/two/events', (_seen, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      res.write('data: first\n\n')
      more = () => void res.end('data: last\n\n')
    })
    const connection = await world.client.connect()
    connection.send({ target: '/two/events' })
    await connection.until('data: first\n\n')
    more()
    await connection.until('data: last\n\n')
    connection.destroy()
  })

  it('takes a body piece by piece', async () => {
    world.upstream.on('/wide/talk', async (seen, res) => {
      res.writeHead(200)
      for await (const chunk of seen.stream) res.write(`heard ${String(chunk)};`)
      res.end()
    })
    const connection = await world.client.connect()
    connection.send({ method: 'POST', target: '/wide/talk', headers: { 'Transfer-Encoding': 'chunked' } })
    for (const word of ['one', 'two']) {
      connection.send(asChunk(word))
      await connection.until(`heard ${word};`)
    }
    connection.send('0\r\n\r\n')
    await connection.until('0\r\n\r\n')
    connection.destroy()
  })

  it('does not fetch what a client does not take', async () => {
    let written = 0
    world.upstream.on('/two/flood', (_seen, res) => {
      const flood = () => {
        while (written < 300 * MEGABYTE && !res.destroyed) {
          written += MEGABYTE
          if (!res.write(Buffer.alloc(MEGABYTE))) return void res.once('drain', flood)
        }
      }
      flood()
    })
    const connection = await world.client.connect()
    connection.pause()
    connection.send({ target: '/two/flood' })
    await stands(() => written)
    expect(written).to.be.lessThan(60 * MEGABYTE)
    expect((await world.client.ask({ target: '/two/beside' })).status).to.equal(200)
    connection.destroy()
  })

  it('does not read what an upstream does not take', async () => {
    world.upstream.on('/wide/stubborn', () => undefined)
    const connection = await world.client.connect()
    const length = 150 * MEGABYTE
    connection.send({ method: 'POST', target: '/wide/stubborn', headers: { 'Content-Length': String(length) } })
    let sent = 0
    void (async () => {
      while (sent < length) {
        await connection.push(Buffer.alloc(MEGABYTE))
        sent += MEGABYTE
      }
    })().catch(() => undefined)
    await stands(() => sent)
    expect(sent).to.be.lessThan(60 * MEGABYTE)
    connection.destroy()
  })

  it('is reset when the client goes away before the answer', async () => {
    const over = new Promise<number>((resolve) =>
      world.upstream.on(
        '/two/wait',
        (_seen, res) => void streamOf(res).once('close', () => resolve(streamOf(res).rstCode)),
      ),
    )
    const connection = await world.client.connect()
    connection.send({ target: '/two/wait' })
    await world.upstream.next()
    connection.destroy()
    expect(await over).to.equal(8)
    expect((await world.client.ask({ target: '/two/next' })).status).to.equal(200)
    expect(world.upstream.connections()).to.equal(1)
  })

  it('may be answered before the body is there, which is then not sent on', async () => {
    const over = new Promise<number>((resolve) =>
      world.upstream.on('/wide/early', (_seen, res) => {
        const stream = streamOf(res)
        stream.once('close', () => resolve(stream.rstCode))
        res.writeHead(413, { 'Content-Length': 2 }).end('no')
      }),
    )
    const connection = await world.client.connect()
    connection.send({ method: 'POST', target: '/wide/early', headers: { 'Content-Length': '5000000' } })
    const answer = await connection.answer()
    expect([answer.status, answer.text(), answer.header('connection')]).to.deep.equal([413, 'no', 'close'])
    await connection.closed()
    expect(await over).to.be.oneOf([0, 8])
    expect((await world.client.ask({ target: '/wide/next' })).status).to.equal(200)
    expect(world.upstream.connections()).to.equal(1)
  })

  it('that is silent for too long is given up, and those beside it go on', async () => {
    world.upstream.on('/slow/never', () => undefined)
    let end: () => void = () => undefined
    world.upstream.on('/slow/long', (_seen, res) => {
      res.writeHead(200).write('begun ')
      end = () => void res.end('ended')
    })
    const beside = await world.client.connect()
    beside.send({ target: '/slow/long' })
    await beside.until('begun ')
    const answer = await world.client.ask({ target: '/slow/never' })
    expect([answer.status, answer.json().error.code]).to.deep.equal([504, 'UPSTREAM_TIMEOUT'])
    end()
    await beside.until('ended')
    expect(world.upstream.connections()).to.equal(1)
    beside.destroy()
  })
})

/** Resolves when a number has not changed for a while. */
async function stands(read: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 15; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    same = read() === last ? same + 1 : 0
    last = read()
  }
}
