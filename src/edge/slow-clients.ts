import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { answerOn, shortAnswer } from './parser-errors.ts'

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
      // A request before it may still wait for its answer, and would take this one for it.
      if (res.headersSent || !socket.writable || answerOn(socket) !== res) socket.destroy()
      else socket.end(shortAnswer('408 Request Timeout'), () => socket.destroy())
    }
  })
}
