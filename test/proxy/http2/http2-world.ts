import { createAuthority } from '../../support/certificates.ts'
import { type EchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../../support/gateway.ts'
import { type RawClient, rawClient } from '../../support/raw-client.ts'
import { type TemporaryFiles, temporaryFiles } from '../../support/temporary-files.ts'

export interface Http2World {
  upstream: EchoUpstream
  /** The same without HTTP/2. */
  elder: EchoUpstream
  gateway: GatewayUnderTest
  client: RawClient
  stop(): Promise<void>
}

/** A gateway before an upstream that offers HTTP/2, with routes that take the offer and one that does not. */
export async function startHttp2World(): Promise<Http2World> {
  const authority = createAuthority()
  const files: TemporaryFiles = temporaryFiles()
  const upstream = await startEchoUpstream({ tls: authority.issue(), http2: true })
  const elder = await startEchoUpstream({ tls: authority.issue() })
  const route = { upstream: upstream.origin, auth: 'none', tls: { ca: files.write('ca.pem', authority.cert) } }
  const gateway = await startGateway({
    env: { MAX_BODY: '1000', RATE_LIMIT_DEFAULT: 'off' },
    routes: [
      { ...route, id: 'two', path: '/two', http2: true },
      { ...route, id: 'one', path: '/one' },
      { ...route, id: 'slow', path: '/slow', http2: true, timeout: 1 },
      { ...route, id: 'wide', path: '/wide', http2: true, maxBody: 200_000_000 },
      { ...route, id: 'jar', path: '/jar', http2: true, cookies: 'pass', setCookie: 'pass' },
      { ...route, id: 'elder', path: '/elder', http2: true, upstream: elder.origin },
    ],
  })
  return {
    ...{ upstream, elder, gateway },
    client: rawClient(gateway.port),
    async stop() {
      await gateway.stop()
      await Promise.all([upstream.stop(), elder.stop()])
      files.remove()
    },
  }
}
