import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'

const waiting = new WeakSet<IncomingMessage>()

/**
 * `Expect: 100-continue` (RFC 9110 section 10.1.1): the client is told to go on only when somebody is about to read the
 * body, so that a refused request is never sent in full. Any other expectation goes the usual way, too, and is refused
 * with 417 by the check of the request line.
 */
export function handleExpectations(server: Server, app: RequestListener): void {
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    waiting.add(req)
    server.emit('request', req, res)
  })
  server.on('checkExpectation', (req: IncomingMessage, res: ServerResponse) => void server.emit('request', req, res))
  server.on('request', app)
}

/** Call it right before reading a request's body. */
export function letBodyCome(req: IncomingMessage, res: ServerResponse): void {
  if (waiting.delete(req)) res.writeContinue()
}
