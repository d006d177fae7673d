import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { definePlugin } from 'http-proxy-middleware'
import type { Dispatcher } from 'undici'
import { forwardingOf } from './forwarding.ts'
import { countedBody, hasBody } from './request-body.ts'

export interface UndiciTransportParts {
  upstream: Pick<Dispatcher, 'dispatch'>
  /** Milliseconds until the upstream's headers must be there. */
  timeoutMs: number
  relay: (req: IncomingMessage, res: ServerResponse, onError: (error: Error) => void) => Dispatcher.DispatchHandler
  letBodyCome: (req: IncomingMessage, res: ServerResponse) => void
  onError: (error: Error, req: IncomingMessage, res: ServerResponse) => void
}

/** A pause in an answer's body longer than this ends it; server-sent events send a comment more often. */
const BODY_IDLE_MS = 300_000

/**
 * undici as http-proxy-middleware's transport: a stage right before its own sending stage, which is what node:http costs
 * so much in. Routing and events stay http-proxy-middleware's. The hook goes by position, hence the check.
 */
export function undiciTransport({ upstream, timeoutMs, relay, letBodyCome, onError }: UndiciTransportParts) {
  return definePlugin((server) => {
    // Default plugins are off, and without a listener failures would vanish.
    server.on('error', (error, req, res) => {
      if (req !== undefined) onError(error, req, res as ServerResponse)
    })

    function undiciStage(req: IncomingMessage, res: ServerResponse): true {
      const { path, headers, maxBody } = forwardingOf(req)
      const body = hasBody(req) ? countedBody(req, res, maxBody, letBodyCome) : null
      const fail = (error: Error) => onError(error, req, res)
      try {
        upstream.dispatch(
          {
            path,
            method: req.method as Dispatcher.HttpMethod,
            headers,
            body: body as Readable | null,
            headersTimeout: timeoutMs,
            bodyTimeout: BODY_IDLE_MS,
          },
          relay(req, res, fail),
        )
      } catch (error) {
        fail(error as Error)
      }
      return true
    }

    server.before('web', '', undiciStage as never)
    const passes = server._getPasses('web') as unknown[]
    if (passes.at(-2) !== undiciStage)
      throw new Error(
        'http-proxy-middleware has changed: the undici stage does not stand right before the sending stage',
      )
  })
}
