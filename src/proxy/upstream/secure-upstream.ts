import { once } from 'node:events'
import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { buildConnector, Pool } from 'undici'
import { createHttp2Dispatcher, type UpstreamDispatcher } from '../http2/http2-dispatcher.ts'
import type { UpstreamContext } from './upstream-contexts.ts'

export interface SecureUpstreamParts {
  origin: string
  context: UpstreamContext
  http2: boolean
  connections: number
  now: () => number
}

const CONNECT_MS = 5_000
const KEEP_ALIVE_MS = 4_000

/** An upstream behind TLS. With other certificates new calls take new connections, and what was begun ends on the old ones. */
export function createSecureUpstream(parts: SecureUpstreamParts): UpstreamDispatcher {
  const { context } = parts
  const leaving = new Set<Promise<void>>()
  let current = open(parts)
  context.onChange(() => {
    const left = current.close().finally(() => leaving.delete(left))
    leaving.add(left)
    current = open(parts)
  })
  return {
    dispatch: (options, handler) => current.dispatch(options, handler),
    async close() {
      await Promise.all([current.close(), ...leaving])
    },
  }
}

function open({ origin, context, http2, connections, now }: SecureUpstreamParts): UpstreamDispatcher {
  const options = context.options()
  const connector = buildConnector({ ...options, timeout: CONNECT_MS, allowH2: false })
  const pool = new Pool(origin, {
    connections,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Without it undici 8 would speak HTTP/2 wherever it is offered.
    allowH2: false,
    // A name of its own is for the certificate; undici would take the one in `Host`.
    connect: (to, done) =>
      connector(options.servername === undefined ? to : { ...to, servername: options.servername }, (...result) => {
        if (result[0] === null) rememberAlerts(result[1])
        done(...result)
      }),
  })
  if (!http2) return pool
  const address = new URL(origin)
  return createHttp2Dispatcher({
    ...{ origin: address, fallback: pool, maxConnections: connections, now },
    connect: () => connectOffering(['h2', 'http/1.1'], address, options),
  })
}

/**
 * In TLS 1.3 a client certificate is refused after the handshake, by an alert. undici speaks only of the connection's end that
 * follows, so the alert becomes its cause.
 */
function rememberAlerts(socket: Socket): void {
  let alert: Error | undefined
  socket.on('error', (error: Error) => {
    if (alert !== undefined && alert !== error) error.cause ??= alert
    alert ??= error
  })
}

/** @throws Error of node:tls, or with the code `ETIMEDOUT` */
async function connectOffering(
  protocols: string[],
  { hostname, port }: URL,
  options: ReturnType<UpstreamContext['options']>,
): Promise<TLSSocket> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const name = options.servername ?? (isIP(host) === 0 ? host : undefined)
  const socket = connect({
    ...options,
    ...{ host, port: Number(port || 443), ALPNProtocols: protocols },
    ...(name === undefined ? {} : { servername: name }),
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 60_000)
  const late = setTimeout(
    () => socket.destroy(Object.assign(new Error('no TLS connection in time'), { code: 'ETIMEDOUT' })),
    CONNECT_MS,
  )
  try {
    await once(socket, 'secureConnect')
    return socket
  } finally {
    clearTimeout(late)
  }
}
