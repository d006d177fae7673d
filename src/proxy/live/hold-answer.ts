import type { IncomingMessage, ServerResponse } from 'node:http'
import { identityIfAny } from '../../identity/identity.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { contextOf } from '../../platform/observability/request-context.ts'
import type { LiveExchanges } from './live-exchanges.ts'

/** Ties an answer that turned out to be long to the life of its caller's credential. */
export interface HoldAnswer {
  (req: IncomingMessage, res: ServerResponse, isEventStream: boolean): void
  /** The upstream has been asked; an answer that does not begin within a second is held, too. */
  awaits(req: IncomingMessage, res: ServerResponse): void
  /** It has begun, or it will never come. */
  awaitsNoMore(req: IncomingMessage): void
}

type RenderError = (error: unknown, req: IncomingMessage, res: ServerResponse) => void

const LOOK_MS = 500
const LONG_MS = 1_000

/**
 * When the credential ends, so does the answer, as if the upstream had broken off: it must not look whole. One that has not
 * begun (a long poll) becomes a 401 instead. An event stream never ends by itself, so it ends also when the gateway stops;
 * a download may finish.
 */
export function createHoldAnswer(live: Pick<LiveExchanges, 'hold'>, renderError: RenderError): HoldAnswer {
  // In the order in which they came. One look at them all now and then costs less than a timer for each.
  const awaited = new Map<IncomingMessage, ServerResponse>()
  let timer: NodeJS.Timeout | undefined

  function holdAnswer(req: IncomingMessage, res: ServerResponse, isEventStream: boolean): void {
    const identity = identityIfAny(req)
    if (res.closed || (identity === undefined && !isEventStream)) return
    const release = live.hold({
      identity,
      end(why) {
        if (why === 'stopping' && !isEventStream) return
        if (res.headersSent) res.destroy()
        else renderError(new GatewayError('AUTHENTICATION_REQUIRED', { reason: 'the sign-in is over' }), req, res)
        contextOf(req).abort?.()
      },
    })
    res.once('close', release)
  }

  function look(): void {
    const now = performance.now()
    for (const [req, res] of awaited) {
      if (now - contextOf(req).startedAt < LONG_MS) break
      awaited.delete(req)
      holdAnswer(req, res, false)
    }
    if (awaited.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return Object.assign(holdAnswer, {
    awaits(req: IncomingMessage, res: ServerResponse) {
      if (identityIfAny(req) === undefined) return
      awaited.set(req, res)
      timer ??= setInterval(look, LOOK_MS).unref()
    },
    awaitsNoMore: (req: IncomingMessage) => void awaited.delete(req),
  })
}
