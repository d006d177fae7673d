import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { handleExpectations } from '../edge/expectation.ts'
import { endFailedHandshakes } from '../edge/failed-handshakes.ts'
import { answerParserErrors } from '../edge/parser-errors.ts'
import { endIdleBodies } from '../edge/slow-clients.ts'
import { acceptsUpgrade } from '../edge/upgrades.ts'
import type { ServerConfig } from '../platform/config/config.ts'
import type { CertificateKeeper } from '../platform/tls/certificate-keeper.ts'
import type { Foundation } from './foundation.ts'

export interface GatewayServer {
  server: Server
  /** Ends what has not become a connection yet. */
  beginStopping(): void
}

/** The limits of design section 3; they hold with and without TLS. */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 300_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  shouldUpgradeCallback: acceptsUpgrade,
  // Judged by the request line's check, so that its refusal looks like all others.
  requireHostHeader: false,
}
const HANDSHAKE_MS = 10_000

/** The gateway's own port: plain HTTP, or with a certificate HTTPS, whose certificate is replaced without dropping anybody. */
export function createGatewayServer(
  app: RequestListener,
  tls: ServerConfig['tls'],
  keeper: Pick<CertificateKeeper, 'keep'>,
  { metrics, log }: Pick<Foundation, 'metrics' | 'log'>,
): GatewayServer {
  if (tls === undefined) {
    const server = createServer(LIMITS)
    prepare(server, app)
    return { server, beginStopping: () => undefined }
  }
  const { minVersion, ...files } = tls
  const contextOf = ({ cert, key }: { cert: string | undefined; key: string | undefined }) => ({
    minVersion,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  })
  const first = keeper.keep('gateway', files, (changed) => server.setSecureContext(contextOf(changed)))
  const server = createTlsServer({
    ...LIMITS,
    ...contextOf(first),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_MS,
  })
  const handshakes = endFailedHandshakes(server, (why, code) => {
    metrics.handshakeFailed(why)
    log.debug('a TLS handshake failed', { reason: code })
  })
  prepare(server, app)
  return { server, beginStopping: handshakes.end }
}

function prepare(server: Server, app: RequestListener): void {
  handleExpectations(server, app)
  answerParserErrors(server)
  endIdleBodies(server)
  // Each route's middleware listens for the end of the server.
  server.setMaxListeners(0)
}
