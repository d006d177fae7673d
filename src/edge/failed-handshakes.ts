import type { Server } from 'node:https'
import type { Socket } from 'node:net'

/** Plain HTTP, a version or protocol that is not spoken, an alert of the client (it may not trust the certificate), and so on. */
type FailedHandshake = 'http' | 'version' | 'alert' | 'timeout' | 'gone' | 'other'

const KINDS: readonly (readonly [code: RegExp, why: FailedHandshake])[] = [
  [/HTTP_REQUEST/, 'http'],
  [/VERSION|PROTOCOL/, 'version'],
  [/ALERT/, 'alert'],
  [/TIMEOUT/, 'timeout'],
  [/^E[A-Z]+$/, 'gone'],
]

/** Beginnings of connections that have not agreed on TLS yet; nothing else knows of them. */
export interface Handshakes {
  /** Ends all that are under way, when the gateway stops. */
  end(): void
}

/**
 * Handshakes that fail end without a word: there is no common language to say anything in, plain HTTP on this port included,
 * and what a stranger sends is no reason for an error here. Slow ones end by the server's `handshakeTimeout`.
 */
export function endFailedHandshakes(
  server: Server,
  onFailed: (why: FailedHandshake, code: string) => void,
): Handshakes {
  const beginning = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    beginning.add(socket)
    socket.once('close', () => beginning.delete(socket))
  })
  server.on('secureConnection', (socket: Socket & { _parent?: Socket }) => {
    if (socket._parent !== undefined) beginning.delete(socket._parent)
  })
  // node:https's own listener would hand the socket to those who answer in HTTP.
  server.removeAllListeners('tlsClientError')
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const code = error.code ?? 'unknown'
    onFailed(KINDS.find(([kind]) => kind.test(code))?.[1] ?? 'other', code)
    socket.destroy()
  })
  return {
    end() {
      for (const socket of beginning) socket.destroy()
    },
  }
}
