import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { endIdleBodies } from '../../src/edge/slow-clients.ts'
import { startGateway } from '../support/gateway.ts'
import { rawClient } from '../support/raw-client.ts'

/** Milliseconds; what is thirty seconds in the gateway. */
const IDLE = 100

describe('a client that goes silent', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  async function serve(listener: RequestListener) {
    const server = createServer(listener)
    servers.push(server)
    endIdleBodies(server, IDLE)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return rawClient((server.address() as AddressInfo).port)
  }

  it('in the middle of its body is told 408 and cut off', async () => {
    const cut = Promise.withResolvers<void>()
    const client = await serve((req, res) => {
      req.resume()
      res.once('close', () => cut.resolve())
    })
    const connection = await client.connect()
    connection.send({ method: 'POST', headers: { 'Content-Length': '10' } })
    connection.send('12345')
    const answer = await connection.answer()
    expect(answer.status).to.equal(408)
    expect(answer.header('connection')).to.equal('close')
    await connection.closed()
    await cut.promise
  })

  it('before its body begins is told the same', async () => {
    const client = await serve((req) => void req.resume())
    const connection = await client.connect()
    connection.send({ method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } })
    expect((await connection.answer()).status).to.equal(408)
    await connection.closed()
  })

  it('in the middle of its body, with the answer begun, is cut off without another word', async () => {
    const client = await serve((req, res) => {
      req.resume()
      res.writeHead(200, { 'Content-Length': '100' }).write('so far')
    })
    const connection = await client.connect()
    connection.send({ method: 'POST', headers: { 'Content-Length': '10' } })
    await connection.until('so far')
    const seen = connection.received()
    await connection.closed()
    expect(connection.received()).to.equal(seen)
  })

  it('without having asked anything is cut off', async () => {
    const client = await serve((_req, res) => void res.end())
    const connection = await client.connect()
    await connection.closed()
    expect(connection.received()).to.equal(0)
  })

  it('after its request is left alone: it waits for an answer that takes long', async () => {
    let answerLater: () => void = () => undefined
    const idle = Promise.withResolvers<void>()
    const client = await serve((req, res) => {
      req.resume()
      answerLater = () => void res.end('at last')
      // The very event that would have ended it.
      req.socket.once('timeout', () => idle.resolve())
    })
    const connection = await client.connect()
    connection.send({ method: 'POST', body: 'everything' })
    await idle.promise
    answerLater()
    expect((await connection.answer()).text()).to.equal('at last')
  })

  it('while it listens to a quiet stream is left alone', async () => {
    let event: () => void = () => undefined
    const idle = Promise.withResolvers<void>()
    const client = await serve((req, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: 1\n\n')
      event = () => void res.write('data: 2\n\n')
      req.socket.once('timeout', () => idle.resolve())
    })
    const connection = await client.connect()
    connection.send({})
    await connection.until('data: 1')
    await idle.promise
    event()
    await connection.until('data: 2')
  })

  it('does not hold up others', async () => {
    const client = await serve((req, res) => void req.resume().once('end', () => res.end('ok')))
    const silent = await client.connect()
    silent.send({ method: 'POST', headers: { 'Content-Length': '10' } })
    expect((await client.ask({ method: 'POST', body: 'x' })).text()).to.equal('ok')
    expect((await silent.answer()).status).to.equal(408)
  })
})

describe('the patience of the gateway', () => {
  it('is 10 s for the fields, 30 s for a silent body, 65 s between requests', async () => {
    const { gateway, stop } = await startGateway()
    const { headersTimeout, keepAliveTimeout, timeout } = gateway.server
    await stop()
    expect({ headersTimeout, keepAliveTimeout, timeout }).to.deep.equal({
      headersTimeout: 10_000,
      keepAliveTimeout: 65_000,
      timeout: 30_000,
    })
  })

  it('ends for fields that never come whole', async () => {
    const { gateway, port, stop } = await startGateway()
    // One millisecond instead of ten seconds; the check runs every two.
    gateway.server.headersTimeout = 1
    const connection = await rawClient(port).connect()
    connection.send('GET /health HTTP/1.1\r\nHost: local')
    const answer = await connection.answer()
    await connection.closed()
    await stop()
    expect(answer.status).to.equal(408)
  })
})
