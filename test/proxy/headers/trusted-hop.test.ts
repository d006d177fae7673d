import { expect } from 'chai'
import { type EchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RawClient, rawClient } from '../../support/raw-client.ts'

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const SAID = {
  'X-Forwarded-For': '6.6.6.6, 203.0.113.9',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Port': '1',
  'X-Forwarded-Prefix': '/x',
  Forwarded: 'for=6.6.6.6;host=evil.example;proto=https',
  'X-Real-IP': '6.6.6.6',
  'X-Request-Id': 'edge-4711-0815',
  traceparent: TRACE,
}

/** What the upstream is told of where a request comes from. */
const TOLD = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id', 'traceparent']

for (const [who, trusted] of [
  ['a proxy that is trusted', '127.0.0.0/8, ::1'],
  ['a proxy that is not', '10.0.0.0/8'],
  ['anyone, where nobody is trusted', ''],
] as const)
  describe(`What is said of a request by ${who}`, () => {
    const believed = trusted.startsWith('127')
    let upstream: EchoUpstream
    let gateway: GatewayUnderTest
    let client: RawClient
    before(async () => {
      upstream = await startEchoUpstream()
      gateway = await startGateway({
        env: { TRUSTED_PROXIES: trusted, RATE_LIMIT_DEFAULT: '3/3600' },
        routes: [{ id: 'public', path: '/public', upstream: upstream.origin, auth: 'none' }],
      })
      client = rawClient(gateway.port)
    })
    after(async () => {
      await gateway.stop()
      await upstream.stop()
    })

    it(`is ${believed ? 'believed as to who calls and by which id' : 'not believed'}`, async () => {
      const answer = await client.ask({ target: '/public', headers: SAID })
      const seen = upstream.last()
      expect(seen.header('x-forwarded-for')).to.equal(believed ? '203.0.113.9' : '127.0.0.1')
      expect(seen.header('x-request-id') === SAID['X-Request-Id']).to.equal(believed)
      expect(seen.header('traceparent') === TRACE).to.equal(believed)
      expect(answer.header('x-request-id')).to.equal(seen.header('x-request-id'))
    })

    it('is never believed as to the host and the scheme, which are configured', async () => {
      await client.ask({ target: '/public', headers: SAID })
      const seen = upstream.last()
      expect(seen.header('x-forwarded-host')).to.equal(`localhost:${gateway.port}`)
      expect(seen.header('x-forwarded-proto')).to.equal('http')
    })

    it('is passed on once, and in no other field', async () => {
      await client.ask({ target: '/public', headers: SAID })
      const seen = upstream.last()
      for (const name of TOLD) expect(seen.values(name), name).to.have.length(1)
      for (const name of ['forwarded', 'x-real-ip', 'x-forwarded-port', 'x-forwarded-prefix'])
        expect(seen.names()).not.to.include(name)
      expect(seen.rawHeaders.join(' ')).not.to.match(/6\.6\.6\.6|evil\.example/)
    })

    it(`${believed ? 'tells one caller from another' : 'does not give anyone a limit of its own'}`, async () => {
      const ask = (address: string) =>
        client.ask({ target: '/public', headers: { 'X-Forwarded-For': address } }).then(({ status }) => status)
      expect(await ask('198.51.100.1')).to.equal(believed ? 200 : 429)
      expect(await ask('198.51.100.2')).to.equal(believed ? 200 : 429)
    })
  })
