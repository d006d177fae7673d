import type { ClientRequest, IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { UpstreamTlsOptions } from '../upstream/upstream-contexts.ts'

export interface UpstreamHandshake {
  origin: string
  /** Behind TLS: whom to believe and how to prove oneself. */
  tls: UpstreamTlsOptions | undefined
  /** With its query, byte for byte. */
  path: string
  /** Flat name-value list. */
  headers: readonly string[]
  protocols: readonly string[]
  /** Milliseconds until the upstream must have answered. */
  timeoutMs: number
  /** Bytes. */
  maxMessage: number
}

/** Exactly one of them is called, in the same turn in which it became known. */
export interface UpstreamOutcome {
  /** Paused, so that nothing is lost before somebody listens. @param protocol what it chose, if anything */
  opened(socket: WebSocket, protocol: string | undefined): void
  /** It answered in HTTP; the connection is closed once `done` is called. */
  refused(response: IncomingMessage, done: () => void): void
  failed(error: Error): void
}

/** How long a closing handshake may take after what was sent before has to get through, too. Milliseconds. */
const CLOSE_MS = 10_000

/**
 * Opens a WebSocket at an upstream, without extensions; the answer gives up. The handshake is `ws`'s: what comes back without
 * the right `Sec-WebSocket-Accept` never becomes a socket, so nothing can be smuggled through one that is none.
 */
export function openUpstream(handshake: UpstreamHandshake, outcome: UpstreamOutcome): () => void {
  const { origin, tls, path, headers, protocols, timeoutMs, maxMessage } = handshake
  let settled = false
  let chosen: string | undefined
  const settle = (tell: () => void) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    tell()
  }
  const socket = new WebSocket(origin.replace(/^http/, 'ws'), [...protocols], {
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: maxMessage,
    // A WebSocket begins in HTTP/1.1 (RFC 6455 section 4.1), whatever else the upstream offers.
    ...(tls === undefined ? {} : { ...tls, ALPNProtocols: ['http/1.1'] }),
    // Its type does not know it yet.
    ...{ closeTimeout: CLOSE_MS },
    finishRequest(request: ClientRequest) {
      // An address that went through a URL parser would not be the same letter by letter.
      request.path = path
      request.removeHeader('host')
      for (let i = 0; i < headers.length; i += 2) request.appendHeader(headers[i] ?? '', headers[i + 1] ?? '')
      request.end()
    },
  })
  const giveUp = () => {
    settle(() => undefined)
    socket.terminate()
  }
  const timer = setTimeout(() => {
    const late = Object.assign(new Error('no answer to the WebSocket handshake'), { code: 'ETIMEDOUT' })
    settle(() => outcome.failed(late))
    socket.terminate()
  }, timeoutMs)
  socket.on('error', (error) => settle(() => outcome.failed(error)))
  socket.on('upgrade', (response: IncomingMessage) => {
    chosen = response.headers['sec-websocket-protocol']
    // A server may choose none (RFC 6455 section 4.2.2), which `ws` would not take from it.
    if (chosen === undefined && protocols.length > 0) response.headers['sec-websocket-protocol'] = protocols[0]
  })
  socket.on('open', () => {
    if (settled) return socket.terminate()
    socket.pause()
    settle(() => outcome.opened(socket, chosen))
  })
  socket.on('unexpected-response', (_request, response: IncomingMessage) => {
    if (settled) socket.terminate()
    else settle(() => outcome.refused(response, () => socket.terminate()))
  })
  return giveUp
}
