import type { ServerResponse } from 'node:http'
import { expect } from 'chai'
import { type PublicGateway, startPublicGateway } from './public-gateway.ts'

describe('A route of a gateway that is about to stop', () => {
  let world: PublicGateway
  beforeEach(async () => {
    world = await startPublicGateway()
  })
  afterEach(() => world.stop())

  it('finishes what it began, and then lets go of the connection', async () => {
    const { upstream, gateway, client } = world
    const call = new Promise<ServerResponse>((resolve) => upstream.on('/plain/begun', (_seen, res) => resolve(res)))
    const connection = await client.connect()
    connection.send({ target: '/plain/begun' })
    const res = await call
    res.writeHead(200, { 'Content-Type': 'text/plain' }).write('the first half, ')
    await connection.until('the first half, ')
    gateway.gateway.beginStopping()
    gateway.gateway.server.close()
    res.end('the second half')
    expect(await connection.until('0\r\n\r\n')).to.contain('the second half')
    connection.send({ target: '/plain' })
    const next = await connection.answer().then(
      ({ header }) => header('connection'),
      () => 'closed',
    )
    expect(next).to.be.oneOf(['close', 'closed'])
    await connection.closed()
  })

  for (const target of ['/plain', '/nowhere', '/health', '/plain/../x'])
    it(`keeps no connection for a next request: ${target}`, async () => {
      const { gateway, client } = world
      const connection = await client.connect()
      expect(await connection.servesAnother()).to.equal(true)
      gateway.gateway.beginStopping()
      connection.send({ target })
      const answer = await connection.answer()
      expect(answer.values('connection')).to.deep.equal(['close'])
      await connection.closed()
    })
})
