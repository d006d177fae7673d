import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const IDLE_MS = 30_000

/**
 * A request whose body makes no progress for 30 s ends with 408. Quiet answers (server-sent events, slow upstreams) are
 * left alone: only the request's side of the exchange is judged here.
 */
export function endIdleBodies(server: Server, idleMs = IDLE_MS): void {
  const current = new WeakMap<Socket, ServerResponse>()
  server.on('request', (req, res) => void current.set(req.socket, res))
  server.setTimeout(idleMs, (socket: Socket) => {
    const res = current.get(socket)
    if (res === undefined || res.writableFinished || res.destroyed) {
      socket.destroy()
    } else if (!res.req.complete) {
      if (res.headersSent || !socket.writable) socket.destroy()
      else
        socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
          socket.destroy(),
        )
    }
  })
}
