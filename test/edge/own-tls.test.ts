import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { expect } from 'chai'
import { createAuthority, selfSigned } from '../support/certificates.ts'
import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'
import { openSocket } from '../support/socket-client.ts'
import { startSocketUpstream } from '../support/socket-upstream.ts'
import { type TemporaryFiles, temporaryFiles } from '../support/temporary-files.ts'

const authority = createAuthority()
const DAY = 86_400

describe('The own port behind TLS', () => {
  let files: TemporaryFiles
  let upstream: EchoUpstream
  let gateway: GatewayUnderTest
  let client: RawClient
  let env: Record<string, string>
  beforeEach(async () => {
    files = temporaryFiles()
    upstream = await startEchoUpstream()
    const { cert, key } = authority.issue({ name: 'first' })
    env = { TLS_CERT_FILE: files.write('tls.crt', cert), TLS_KEY_FILE: files.write('tls.key', key) }
    const sockets = await startSocketUpstream()
    stopSockets = () => sockets.stop()
    gateway = await startGateway({
      env: { ...env, MAX_BODY: '1000' },
      certificatesEveryMs: 20,
      routes: [
        { id: 'plain', path: '/plain', upstream: upstream.origin, auth: 'none' },
        { id: 'live', path: '/live', upstream: sockets.origin, auth: 'none', websocket: true },
      ],
    })
    client = rawClient(gateway.port, undefined, { ca: authority.cert })
  })
  let stopSockets: () => Promise<void>
  afterEach(async () => {
    await gateway.stop()
    await stopSockets()
    await upstream.stop()
    files.remove()
  })

  async function metric(name: string): Promise<string[]> {
    const text = await (await fetch(`${gateway.managementUrl}/metrics`)).text()
    return text.split('\n').filter((line) => line.startsWith(name))
  }
  async function shake(options: object = {}): Promise<TLSSocket> {
    const socket = connect({
      port: gateway.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: authority.cert,
      ...options,
    })
    await once(socket, 'secureConnect')
    return socket
  }
  const nameOf = (socket: TLSSocket) => String(socket.getPeerCertificate().subject.CN)

  it('serves, and everybody is told that it was https', async () => {
    const answer = await client.ask({ target: '/plain' })
    expect(answer.status).to.equal(200)
    expect(answer.header('strict-transport-security')).to.match(/max-age=31536000/)
    expect(upstream.last().header('x-forwarded-proto')).to.equal('https')
    const login = await client.ask({ target: '/login', headers: { 'Sec-Fetch-Mode': 'navigate', Accept: 'text/html' } })
    for (const cookie of login.values('set-cookie')) expect(cookie).to.match(/^__Host-.*; Secure/)
  })

  it('keeps the connection for the next request, and answers two that come together in their order', async () => {
    const connection = await client.connect()
    const pair = [1, 2].map((n) => client.write({ target: `/plain/${n}` }))
    connection.send(Buffer.concat(pair))
    expect((await connection.answer()).json().target).to.equal('/plain/1')
    expect((await connection.answer()).json().target).to.equal('/plain/2')
    connection.destroy()
  })

  it('carries WebSockets', async () => {
    const socket = await openSocket(`${gateway.url}/live`, { ca: authority.cert })
    socket.say('hello')
    expect(await socket.hears()).to.equal('hello')
    socket.ws.close()
    await socket.closed
  })

  it('breaks off what broke off behind it, for clients of HTTP/1.0, too', async () => {
    upstream.on('/plain/half', (_seen, res) => {
      res.writeHead(200).write('half')
      setImmediate(() => res.destroy())
    })
    for (const version of ['HTTP/1.0', 'HTTP/1.1']) {
      const connection = await client.connect()
      connection.send({ target: '/plain/half', version })
      const text = await connection.rest()
      expect(text, version).not.to.contain('\r\n0\r\n\r\n')
      if (version === 'HTTP/1.0') expect(await connection.closed()).to.equal('reset')
    }
    expect((await client.ask({ target: '/health' })).status).to.equal(200)
  })

  for (const [what, options] of [
    ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
    ['HTTP/2 and nothing else', { ALPNProtocols: ['h2'] }],
    ['another authority', { ca: selfSigned().cert }],
  ] as const)
    it(`does not come to terms with a client that wants ${what}`, async () => {
      const refused = await shake(options).then(
        () => 'agreed',
        () => 'refused',
      )
      expect(refused).to.equal('refused')
      expect((await client.ask({ target: '/health' })).status).to.equal(200)
    })

  for (const [what, bytes] of [
    ['plain HTTP', 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['nothing readable', '\0\0\0\0garbage'.repeat(50)],
    ['half of a greeting', '\x16\x03\x01\x02\x00\x01\x00'],
  ] as const)
    it(`closes on ${what} without harm`, async () => {
      const socket = connectTcp(gateway.port, '127.0.0.1')
      let heard = ''
      socket.on('data', (chunk: Buffer) => {
        heard += chunk.toString('latin1')
      })
      socket.on('error', () => undefined)
      socket.end(Buffer.from(bytes, 'latin1'))
      await once(socket, 'close')
      expect(heard).not.to.match(/HTTP\/1\.1 2/)
      expect((await client.ask({ target: '/health' })).status).to.equal(200)
    })

  it('counts handshakes that fail', async () => {
    const socket = connectTcp(gateway.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    expect(await metric('cloakroom_tls_handshakes_failed_total')).to.deep.equal([
      'cloakroom_tls_handshakes_failed_total{why="http"} 1',
    ])
  })

  it('lets go of a handshake that never ends, when it stops', async () => {
    const socket = connectTcp(gateway.port, '127.0.0.1')
    await once(socket, 'connect')
    await client.ask({ target: '/health' })
    gateway.gateway.beginStopping()
    await once(socket, 'close')
  })

  it('shows a new certificate to the next connection, and keeps those that are open', async () => {
    const open = await client.connect()
    expect(await open.servesAnother()).to.equal(true)
    const second = authority.issue({ name: 'second', until: 5 * DAY })
    files.write('tls.crt', second.cert)
    files.write('tls.key', second.key)
    for (let name = ''; name !== 'second'; ) {
      const socket = await shake()
      name = nameOf(socket)
      socket.destroy()
      expect((await client.ask({ target: '/plain' })).status).to.equal(200)
    }
    expect(await open.servesAnother()).to.equal(true)
    open.destroy()
    const [line = ''] = await metric('cloakroom_certificate_expiry_timestamp_seconds')
    expect(line).to.match(/certificate="gateway"/)
    expect(Number(line.split(' ').at(-1))).to.be.closeTo(Date.now() / 1000 + 5 * DAY, 600)
    expect(gateway.logText()).to.contain('a certificate ends soon; renew it')
  })

  for (const [what, spoil] of [
    ['has expired', () => files.write('tls.crt', authority.issue({ from: -2 * DAY, until: -DAY }).cert)],
    ['does not fit the key', () => files.write('tls.crt', authority.issue().cert)],
    ['is none', () => files.write('tls.crt', 'none')],
    ['is gone', () => files.remove()],
  ] as const)
    it(`keeps its certificate when the new one ${what}, and says so`, async () => {
      spoil()
      while ((await metric('cloakroom_certificate_reloads_total')).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 5))
      expect(await metric('cloakroom_certificate_reloads_total')).to.deep.equal([
        'cloakroom_certificate_reloads_total{certificate="gateway",outcome="refused"} 1',
      ])
      const socket = await shake()
      expect(nameOf(socket)).to.equal('first')
      socket.destroy()
      expect(gateway.logText()).to.contain('the former ones stay in use').and.not.contain('PRIVATE KEY')
    })
})
