import { type EchoUpstream, startEchoUpstream } from '../support/echo-upstream.ts'
import { type GatewayUnderTest, startGateway } from '../support/gateway.ts'
import { type RawClient, rawClient } from '../support/raw-client.ts'

export interface PublicGateway {
  upstream: EchoUpstream
  gateway: GatewayUnderTest
  client: RawClient
  stop(): Promise<void>
}

/** A gateway with public routes of every shape before an upstream that remembers. */
export async function startPublicGateway(): Promise<PublicGateway> {
  const upstream = await startEchoUpstream()
  const { origin } = upstream
  const gateway = await startGateway({
    env: { MAX_BODY: '1000' },
    routes: [
      { id: 'plain', path: '/plain', upstream: origin, auth: 'none' },
      {
        id: 'based',
        path: '/based',
        upstream: `${origin}/base`,
        stripPath: true,
        auth: 'none',
        methods: ['GET', 'POST'],
      },
      { id: 'nested', path: '/plain/nested', upstream: `${origin}/other`, stripPath: true, auth: 'none' },
      { id: 'jar', path: '/jar', upstream: origin, auth: 'none', cookies: 'pass', setCookie: 'pass' },
      { id: 'slow', path: '/slow', upstream: origin, auth: 'none', timeout: 1 },
      { id: 'wide', path: '/wide', upstream: origin, auth: 'none', maxBody: 200_000_000 },
      { id: 'dead', path: '/dead', upstream: 'http://127.0.0.1:9', auth: 'none' },
    ],
  })
  return {
    upstream,
    gateway,
    client: rawClient(gateway.port),
    async stop() {
      await gateway.stop()
      await upstream.stop()
    },
  }
}
