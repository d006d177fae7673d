import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const ANSWERS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_INVALID_METHOD: '501 Not Implemented',
}

/** Answers what Node's parser could not read: one short line, then the connection is closed (RFC 9112 section 2.2). */
export function answerParserErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Bytes written now would end up inside of an answer that is on its way.
    if (error.code === 'ECONNRESET' || !socket.writable || answerOn(socket)?.headersSent) {
      socket.destroy()
      return
    }
    socket.end(answer(ANSWERS[error.code ?? ''] ?? '400 Bad Request'), () => socket.destroy())
  })
  // Without this listener Node would cut the connection without a word.
  server.on('connect', (_req, socket) => {
    socket.on('error', () => socket.destroy())
    socket.end(answer('405 Method Not Allowed'), () => socket.destroy())
  })
}

/** The answer that is being written to a socket; node:http keeps it there and has no public name for it. */
export function answerOn(socket: Socket): ServerResponse | undefined {
  return (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage
}

function answer(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n`
}
