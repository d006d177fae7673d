import { expect } from 'chai'
import { createAuthority, selfSigned, type TestAuthority } from '../../support/certificates.ts'
import { type EchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RawClient, rawClient } from '../../support/raw-client.ts'
import { type TemporaryFiles, temporaryFiles } from '../../support/temporary-files.ts'

const DAY = 86_400
const ours: TestAuthority = createAuthority('Ours')
const theirs: TestAuthority = createAuthority('Theirs')

/** What an upstream shows, and what the log says of it; nothing when it is good. */
const shown = {
  right: { tls: ours.issue(), why: undefined },
  below: { tls: withIssuer(ours), why: undefined },
  wrongCa: { tls: theirs.issue(), why: /authority that is not trusted/ },
  wrongHost: { tls: ours.issue({ hosts: ['elsewhere.example'] }), why: /another host name/ },
  wildcardBeyond: { tls: ours.issue({ hosts: ['*.localhost'] }), why: /another host name/ },
  expired: { tls: ours.issue({ from: -2 * DAY, until: -DAY }), why: /expired or is not valid yet/ },
  notYet: { tls: ours.issue({ from: DAY, until: 2 * DAY }), why: /expired or is not valid yet/ },
  selfSigned: { tls: selfSigned(), why: /authority that is not trusted/ },
  old: {
    tls: { ...ours.issue(), maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' },
    why: /no protocol version/,
  },
  noHttp: { tls: undefined, why: /does not speak TLS/ },
} as const

function withIssuer(root: TestAuthority) {
  const middle = root.below('Middle')
  const { cert, key } = middle.issue()
  return { cert: cert + middle.cert, key }
}

for (const http2 of [false, true])
  describe(`An upstream behind TLS${http2 ? ' that may speak HTTP/2' : ''}`, () => {
    const files: TemporaryFiles = temporaryFiles()
    const upstreams = new Map<string, EchoUpstream>()
    let gateway: GatewayUnderTest
    let client: RawClient
    before(async () => {
      const ca = files.write('ca.pem', ours.cert)
      const routes: object[] = []
      for (const [id, { tls }] of Object.entries(shown)) {
        const upstream = await startEchoUpstream(tls === undefined ? {} : { tls: { ...tls } as object, http2 })
        upstreams.set(id, upstream)
        const secure = `https://localhost:${upstream.port}`
        routes.push({ id, path: `/${id}`, upstream: secure, auth: 'none', http2, tls: { ca } })
      }
      const right = upstreams.get('right')
      const secure = { upstream: right?.origin ?? '', auth: 'none', http2 }
      routes.push({ ...secure, id: 'usual', path: '/usual' })
      routes.push({ ...secure, id: 'renamed', path: '/renamed', tls: { ca, serverName: 'elsewhere.example' } })
      const named = { ca, serverName: 'elsewhere.example' }
      routes.push({ ...secure, id: 'named', path: '/named', upstream: upstreams.get('wrongHost')?.origin, tls: named })
      const byAddress = `https://127.0.0.1:${right?.port}`
      routes.push({ ...secure, id: 'address', path: '/address', upstream: byAddress, tls: { ca } })
      gateway = await startGateway({ routes })
      client = rawClient(gateway.port)
    })
    after(async () => {
      await gateway.stop()
      await Promise.all([...upstreams.values()].map((upstream) => upstream.stop()))
      files.remove()
    })

    const reasonOf = (id: string) =>
      gateway.logged().findLast(({ message, reason }) => message === 'request failed' && String(reason).startsWith(id))
        ?.reason

    async function expectRefusal(id: string, why: RegExp): Promise<void> {
      const answer = await client.ask({ method: 'POST', target: `/${id}`, body: '{"a":1}' })
      expect(answer.status).to.equal(502)
      expect(answer.json().error.code).to.equal('UPSTREAM_UNAVAILABLE')
      expect(answer.text()).not.to.match(/certificate|TLS|SSL|localhost|Ours|Theirs/i)
      expect(reasonOf(id)).to.match(/: TLS: /)
      expect(reasonOf(id)).to.match(why)
    }

    for (const [id, { why }] of Object.entries(shown))
      if (why === undefined)
        it(`is believed: ${id}`, async () => {
          const answer = await client.ask({ target: `/${id}/x` })
          expect(answer.status).to.equal(200)
          expect(answer.json().target).to.equal(`/${id}/x`)
          expect(upstreams.get(id)?.last().version).to.equal(http2 ? '2.0' : '1.1')
        })
      else
        it(`is not believed: ${id}`, async () => {
          await expectRefusal(id, why)
          expect(upstreams.get(id)?.seen).to.deep.equal([])
        })

    it('is not believed by the usual authorities of the machine only', () => expectRefusal('usual', /not trusted/))
    it('is not believed under another name than the one that is asked for', () =>
      expectRefusal('renamed', /another host name/))
    it('is believed under the name that the route gives it', async () => {
      expect((await client.ask({ target: '/named' })).status).to.equal(200)
      expect(upstreams.get('wrongHost')?.last().header('host')).to.equal(
        new URL(upstreams.get('wrongHost')?.origin ?? '').host,
      )
    })
    it('is believed by its address, when the certificate names it', async () => {
      expect((await client.ask({ target: '/address' })).status).to.equal(200)
    })
    it('is verified whatever the environment says', async () => {
      const former = process.env.NODE_TLS_REJECT_UNAUTHORIZED
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
      try {
        await expectRefusal('selfSigned', /not trusted/)
        await expectRefusal('wrongHost', /another host name/)
      } finally {
        if (former === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
        else process.env.NODE_TLS_REJECT_UNAUTHORIZED = former
      }
    })
  })
