import type { TLSSocket } from 'node:tls'
import { expect } from 'chai'
import { createAuthority, type TestCertificate } from '../../support/certificates.ts'
import { type EchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RawClient, rawClient } from '../../support/raw-client.ts'
import { type TemporaryFiles, temporaryFiles } from '../../support/temporary-files.ts'

const authority = createAuthority('Ours')
const theirs = createAuthority('Theirs')

/** Who the upstream saw at the other end. */
function peerOf(socket: unknown): string {
  return (socket as TLSSocket).getPeerCertificate().subject?.CN?.toString() ?? 'nobody'
}

for (const [protocol, http2, version] of [
  ['HTTP/1.1', false, undefined],
  ['HTTP/1.1 on TLS 1.2', false, 'TLSv1.2'],
  ['HTTP/2', true, undefined],
] as const)
  describe(`A client certificate towards an upstream, in ${protocol}`, () => {
    let files: TemporaryFiles
    let upstream: EchoUpstream
    let gateway: GatewayUnderTest
    let client: RawClient
    let first: TestCertificate
    beforeEach(async () => {
      files = temporaryFiles()
      first = authority.issue({ name: 'first' })
      upstream = await startEchoUpstream({
        tls: {
          ...{ ...authority.issue(), ca: authority.cert, requestCert: true, rejectUnauthorized: true },
          ...(version === undefined ? {} : { maxVersion: version }),
        },
        http2,
      })
      upstream.on('/given/who', ({ socket }, res) => void res.end(peerOf(socket)))
      const ca = files.write('ca.pem', authority.cert)
      const named = ({ cert, key }: TestCertificate, name: string) => ({
        ...{ ca, cert: files.write(`${name}.crt`, cert), key: files.write(`${name}.key`, key) },
      })
      const route = { upstream: upstream.origin, auth: 'none', http2 }
      gateway = await startGateway({
        certificatesEveryMs: 20,
        routes: [
          { ...route, id: 'given', path: '/given', tls: named(first, 'first') },
          { ...route, id: 'missing', path: '/missing', tls: { ca } },
          { ...route, id: 'wrong', path: '/wrong', tls: named(theirs.issue({ name: 'wrong' }), 'wrong') },
        ],
      })
      client = rawClient(gateway.port)
    })
    afterEach(async () => {
      await gateway.stop()
      await upstream.stop()
      files.remove()
    })

    const logged = (message: string) => gateway.logged().filter((line) => line.message === message)
    async function untilLogged(message: string): Promise<Record<string, unknown>> {
      for (;;) {
        const [line] = logged(message)
        if (line !== undefined) return line
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    async function metric(name: string): Promise<string> {
      const text = await (await fetch(`${gateway.managementUrl}/metrics`)).text()
      return text.split('\n').find((line) => line.startsWith(name)) ?? ''
    }

    it('is shown', async () => {
      expect((await client.ask({ target: '/given/who' })).text()).to.equal('first')
    })

    for (const id of ['missing', 'wrong'])
      it(`that is ${id} is 502, and the log says what to do`, async () => {
        for (const request of [{ target: `/${id}` }, { method: 'POST', target: `/${id}`, body: 'text' }]) {
          const answer = await client.ask(request)
          expect([answer.status, answer.json().error.code]).to.deep.equal([502, 'UPSTREAM_UNAVAILABLE'])
          expect(answer.text()).not.to.match(/certificate|TLS/i)
        }
        // Node's own server sends no alert for a certificate that it does not believe; others do.
        if (id === 'missing') expect(String(logged('request failed')[0]?.reason)).to.match(/TLS: .*client certificate/)
        expect(upstream.seen).to.deep.equal([])
        expect(gateway.logText()).not.to.match(/PRIVATE KEY|BEGIN CERTIFICATE/)
      })

    it('is replaced when its files change, and nothing that was begun is lost', async () => {
      const held: (() => void)[] = []
      upstream.on('/given/held', ({ socket }, res) => {
        res.writeHead(200).write('begun ')
        held.push(() => void res.end(peerOf(socket)))
      })
      const connection = await client.connect()
      connection.send({ target: '/given/held' })
      await connection.until('begun ')
      const statuses = new Set<number>()
      let asking = true
      const traffic = (async () => {
        while (asking) statuses.add((await client.ask({ method: 'POST', target: '/given/who', body: 'x' })).status)
      })()
      const second = authority.issue({ name: 'second', until: 3 * 86_400 })
      files.write('first.key', second.key)
      files.write('first.crt', second.cert)
      await untilLogged('certificates were replaced')
      expect((await client.ask({ target: '/given/who' })).text()).to.equal('second')
      held[0]?.()
      await connection.until('first')
      asking = false
      await traffic
      expect([...statuses]).to.deep.equal([200])
      expect(await metric('cloakroom_certificate_reloads_total')).to.equal(
        'cloakroom_certificate_reloads_total{certificate="upstream:given",outcome="ok"} 1',
      )
      const expiry = Number((await metric('cloakroom_certificate_expiry_timestamp_seconds')).split(' ').at(-1))
      expect(expiry).to.be.closeTo(Date.now() / 1000 + 3 * 86_400, 600)
      connection.destroy()
    })

    it('stays when the new files are no good', async () => {
      files.write('first.crt', 'this is no certificate')
      const line = await untilLogged('changed certificates cannot be used; the former ones stay in use')
      expect(line).to.include({ level: 'error', certificate: 'upstream:given' })
      expect(line.reason).to.match(/first\.crt, which holds no certificate in PEM format/)
      expect((await client.ask({ target: '/given/who' })).text()).to.equal('first')
      expect(await metric('cloakroom_certificate_reloads_total')).to.contain('outcome="refused"} 1')
    })
  })
