import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const waiting = new WeakSet<IncomingMessage>()
/** Of each connection the answer to the request whose expectation nobody has met. */
const unmet = new WeakMap<Socket, ServerResponse>()

/**
 * `Expect: 100-continue` (RFC 9110 section 10.1.1): the client is told to go on only when somebody is about to read the
 * body, so that a refused request is never sent in full. Any other expectation goes the usual way, too, and is refused
 * with 417 by the check of the request line.
 *
 * The connection may end behind an expectation that nobody met, so a request that was sent along, without waiting for the
 * answer, is not looked at, and the connection does end: no answer could be given any more (RFC 9112 section 9.6).
 */
export function handleExpectations(server: Server, app: RequestListener): void {
  function expecting(req: IncomingMessage, res: ServerResponse): void {
    unmet.set(req.socket, res)
    server.emit('request', req, res)
  }
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    waiting.add(req)
    expecting(req, res)
  })
  server.on('checkExpectation', expecting)
  server.on('request', (req, res) => {
    const before = unmet.get(req.socket)
    if (before === undefined || before === res || goesOnBehind(before)) return app(req, res)
    before.shouldKeepAlive = false
  })
}

/** Whether it has been said already that the connection stays. */
function goesOnBehind(answer: ServerResponse): boolean {
  return answer.headersSent && answer.shouldKeepAlive
}

/** Call it right before reading a request's body. */
export function letBodyCome(req: IncomingMessage, res: ServerResponse): void {
  if (!waiting.delete(req)) return
  unmet.delete(req.socket)
  res.writeContinue()
}
