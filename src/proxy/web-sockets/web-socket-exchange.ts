import type { IncomingMessage, ServerResponse } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { contextOf } from '../../platform/observability/request-context.ts'
import type { LiveExchanges } from '../live/live-exchanges.ts'
import { closeCodes, closeFor } from './close-codes.ts'
import { openUpstream, type UpstreamHandshake } from './open-upstream.ts'
import { type RelayLimits, relayWebSocket } from './web-socket-relay.ts'
import type { Admitted } from './web-socket-route.ts'

export interface WebSocketExchangeParts {
  live: Pick<LiveExchanges, 'hold'>
  limits: RelayLimits & {
    /** Milliseconds between two looks at whether a client that sends something may still do so. */
    lookAgainMs: number
  }
  opened: (route: string) => (code: number, messages: { in: number; out: number }) => void
  /** The upstream's answer is no WebSocket. */
  relayRefusal: (upstream: IncomingMessage, req: IncomingMessage, res: ServerResponse, admitted: Admitted) => void
  onError: (error: unknown, req: IncomingMessage, res: ServerResponse) => void
}

export type WebSocketExchange = (
  req: IncomingMessage,
  res: ServerResponse,
  admitted: Admitted,
  upstream: UpstreamHandshake,
) => void

/** From an admitted handshake to the closed socket: the upstream first, the client's 101 only when the upstream has agreed. */
export function createWebSocketExchange(parts: WebSocketExchangeParts): WebSocketExchange {
  const { live, limits, opened, relayRefusal, onError } = parts

  return function exchange(req, res, admitted, upstreamHandshake) {
    const context = contextOf(req)
    const { maxMessage } = upstreamHandshake
    let finish: (code: number, reason: string) => void = () => {
      giveUp()
      req.socket.destroy()
    }
    const release = live.hold({
      identity: admitted.identity,
      end(why) {
        const { code, reason } = closeFor(why)
        finish(code, reason)
      },
    })
    const leave = () => {
      release()
      admitted.leave()
    }
    context.leave = leave

    function relay(upstream: WebSocket, client: WebSocket): void {
      const closed = opened(context.route)
      let lookedAt = performance.now()
      const { end } = relayWebSocket({
        client,
        upstream,
        limits,
        onClientMessage() {
          const now = performance.now()
          if (now - lookedAt < limits.lookAgainMs) return
          lookedAt = now
          void admitted.stillAdmitted().then((may) => {
            if (!may) end(closeCodes.signedOut, 'the sign-in is over')
          })
        },
        onClosed(carried) {
          context.socket = carried
          closed(carried.code, carried.messages)
          // What arrival promised for the end of a request: its line in the log, and its place in the queue.
          res.emit('close')
        },
      })
      finish = end
    }

    function accept(upstream: WebSocket, protocol: string | undefined): void {
      // Gone meanwhile; its end has been noticed by the answer already.
      if (req.socket.destroyed || res.destroyed) {
        upstream.terminate()
        return
      }
      res.detachSocket(req.socket)
      res.statusCode = 101
      const server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: maxMessage,
        handleProtocols: () => protocol ?? false,
      })
      server.on('headers', (headers) => headers.push(`X-Request-Id: ${context.requestId}`))
      let accepted = false
      server.handleUpgrade(req, req.socket, Buffer.alloc(0), (client) => {
        accepted = true
        relay(upstream, client)
      })
      if (accepted) return
      upstream.terminate()
      res.emit('close')
    }

    const giveUp = openUpstream(upstreamHandshake, {
      opened: accept,
      refused(answer, done) {
        res.once('close', done)
        relayRefusal(answer, req, res, admitted)
      },
      failed: (error) => onError(error, req, res),
    })
    context.abort = giveUp
  }
}
