import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

const ANSWERS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_INVALID_METHOD: '501 Not Implemented',
}

/** Answers what Node's parser could not read: one short line, then the connection is closed (RFC 9112 section 2.2). */
export function answerParserErrors(server: Server): void {
  const refused = new WeakSet<Socket>()
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    // What comes behind the first error is not read again, nor what comes behind a request that was to be the last one.
    if (refused.has(socket) || (error.code === 'HPE_CLOSED_CONNECTION' && answerOn(socket) !== undefined)) return
    refused.add(socket)
    inItsTurn(socket, shortAnswer(ANSWERS[error.code ?? ''] ?? '400 Bad Request'))
  })
  // Without this listener Node would cut the connection without a word.
  server.on('connect', (_req, socket) => {
    socket.on('error', () => socket.destroy())
    inItsTurn(socket, shortAnswer('405 Method Not Allowed'))
  })
}

/**
 * Requests that came whole before the broken one are answered first: the client counts answers, and would take this one for
 * theirs (RFC 9112 section 9.3.2).
 */
function inItsTurn(socket: Duplex, text: string): void {
  const pending = answerOn(socket)
  if (pending?.req.complete && !pending.headersSent) {
    pending.once('close', () => inItsTurn(socket, text))
    return
  }
  // Bytes written now would end up inside of an answer that is on its way, or behind the last one.
  if (!socket.writable || pending?.headersSent) socket.destroy()
  else socket.end(text, () => socket.destroy())
}

/** The answer that is being written to a socket; node:http keeps it there and has no public name for it. */
export function answerOn(socket: Duplex): ServerResponse | undefined {
  return (socket as Duplex & { _httpMessage?: ServerResponse })._httpMessage
}

/** All there is to say without a request: the status, and that the connection is over. */
export function shortAnswer(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n`
}
