import { expect } from 'chai'
import { until } from '../edge/until.ts'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { rawClient } from '../support/raw-client.ts'

/** 256 connections to one upstream and 1,024 requests that wait for one. */
const ROOM = 1_280

describe('An upstream that does not keep up', () => {
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  before(async () => {
    upstream = await startEchoUpstream()
    gateway = await startGateway({
      env: { RATE_LIMIT_DEFAULT: 'off', LOG_LEVEL: 'warn' },
      routes: [{ id: 'slow', path: '/slow', upstream: upstream.origin, auth: 'none' }],
    })
  })
  after(async () => {
    await gateway.stop()
    await upstream.stop()
  })

  it('gets so many requests and no more; the rest is told at once that it is too much', async () => {
    const waiting: (() => void)[] = []
    let open = false
    upstream.on('/slow', (_seen, res) => {
      const answer = () => void res.writeHead(204).end()
      if (open) return answer()
      waiting.push(answer)
    })
    const client = rawClient(gateway.port)
    const connection = await client.connect()
    // One client that asks again and again without waiting; answers come in the order of the questions.
    connection.send(Buffer.concat(Array(ROOM + 5).fill(client.write({ target: '/slow' }))))
    const refusals = () => gateway.logged().filter(({ errorCode }) => errorCode === 'UPSTREAM_OVERLOADED').length
    await until(() => waiting.length === 256 && refusals() === 5)
    // Somebody else is told at once, while all those still wait.
    const refused = await client.ask({ target: '/slow' })
    expect([refused.status, refused.json().error.code, refused.header('retry-after')]).to.deep.equal([
      503,
      'UPSTREAM_OVERLOADED',
      '1',
    ])
    open = true
    for (const answer of waiting) answer()
    const statuses: number[] = []
    for (let i = 0; i < ROOM + 5; i++) statuses.push((await connection.answer()).status)
    expect(statuses.filter((status) => status === 204)).to.have.length(ROOM)
    expect(statuses.slice(ROOM)).to.deep.equal([503, 503, 503, 503, 503])
    expect((await client.ask({ target: '/slow' })).status).to.equal(204)
    connection.destroy()
  })
})
