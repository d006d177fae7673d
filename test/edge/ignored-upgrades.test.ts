import { expect } from 'chai'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type Over, overTcp, overTls } from '../support/over.ts'
import type { RawClient } from '../support/raw-client.ts'

describe('An upgrade that is not followed', () => tell(overTcp()))
describe('An upgrade that is not followed, over TLS', () => tell(overTls()))

/** As `curl --http2` asks for it without TLS (RFC 7540 section 3.2). */
const H2C = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQCAAAAAAIAAAAA' }

function tell(over: Over): void {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  before(async () => {
    upstream = await startEchoUpstream()
    gateway = await startGateway({
      env: over.env,
      routes: [{ id: 'public', path: '/public', upstream: upstream.origin, auth: 'none' }],
    })
    client = over.client(gateway.port)
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
    over.remove()
  })

  const REQUESTS: [what: string, status: number, request: { target: string; method?: string; body?: string }][] = [
    ['an own endpoint', 200, { target: '/health' }],
    ['a route', 200, { target: '/public/orders' }],
    ['a route, with a body', 200, { target: '/public/orders', method: 'POST', body: 'order' }],
    ['nothing that is there', 404, { target: '/nowhere' }],
    ['what is refused on arrival', 400, { target: '/public/%00' }],
  ]
  for (const [what, status, request] of REQUESTS)
    it(`at ${what} is answered as if it were not asked for, and ends the connection`, async () => {
      const connection = await client.connect()
      connection.send({ ...request, headers: H2C })
      const all = await connection.rest()
      expect(all.split(' ')[1], all).to.equal(String(status))
      expect(all).to.match(/^connection: close\r$/im)
    })

  it('is none where `Connection` does not say so: the connection goes on', async () => {
    const connection = await client.connect()
    const last = { target: '/public/last', headers: { Connection: 'close' } }
    connection.send(
      Buffer.concat([client.write({ target: '/public/first', headers: { Upgrade: 'h2c' } }), client.write(last)]),
    )
    expect((await connection.rest()).match(/HTTP\/1\.1 200/g)).to.have.length(2)
  })

  it('leaves what was sent behind it unanswered instead of hanging', async () => {
    const connection = await client.connect()
    const behind = { target: '/public/behind' }
    connection.send(Buffer.concat([client.write({ target: '/public/first', headers: H2C }), client.write(behind)]))
    expect((await connection.rest()).match(/HTTP\/1\.1/g)).to.have.length(1)
    expect(upstream.seen.map(({ target }) => target)).not.to.include('/public/behind')
  })
}
