import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { contextOf } from '../platform/observability/request-context.ts'
import { forwardingOf } from './forwarding.ts'
import { hasBody } from './request-body.ts'
import type { createResponseHeaders } from './response-headers.ts'

export interface AnswerRelayParts {
  responseHeaders: ReturnType<typeof createResponseHeaders>
  time: (outcome: string, seconds: number) => void
}

/**
 * Passes an upstream's answer on, chunk by chunk, with the client's pace as the upstream's pace. A plain object as
 * undici's handler: no stream and no abort controller for each request.
 */
export function createAnswerRelay({ responseHeaders, time }: AnswerRelayParts) {
  return function relay(
    req: IncomingMessage,
    res: ServerResponse,
    onError: (error: Error) => void,
  ): Dispatcher.DispatchHandler {
    const started = performance.now()
    const context = contextOf(req)
    let answered = false
    const settle = (outcome: string) => {
      if (answered) return
      answered = true
      time(outcome, (performance.now() - started) / 1000)
    }

    return {
      onRequestStart(controller) {
        if (res.destroyed) controller.abort(new Error('the client has gone'))
        else context.abort = () => controller.abort(new Error('the client has gone'))
      },
      onResponseStart(controller, statusCode, _headers, statusMessage) {
        // Interim answers (100, 103) are between neighbours; the final one follows.
        if (statusCode < 200 || res.headersSent) return
        settle('ok')
        const raw = ((controller.rawHeaders ?? []) as (Buffer | string)[]).map((item) =>
          typeof item === 'string' ? item : item.toString('latin1'),
        )
        const headers = responseHeaders(raw, { ...forwardingOf(req).extras, close: !req.complete && hasBody(req) })
        if (statusMessage === undefined || statusMessage === '') res.writeHead(statusCode, headers)
        else res.writeHead(statusCode, statusMessage, headers)
      },
      onResponseData(controller, chunk) {
        if (res.write(chunk) !== false) return
        controller.pause()
        res.once('drain', () => controller.resume())
      },
      onResponseEnd() {
        res.end()
      },
      onResponseError(_controller, error) {
        settle(res.destroyed ? 'client-gone' : 'failed')
        // A body that broke off must not look whole: the client's connection breaks off too (RFC 9112 section 8).
        if (res.headersSent) res.destroy()
        else if (!res.destroyed) onError(error)
      },
    }
  }
}
