import type { IncomingMessage, ServerResponse } from 'node:http'
import { identityIfAny } from '../identity/identity.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { LiveExchanges } from './live-exchanges.ts'

/** Ties an answer that turned out to be long to the life of its caller's credential. */
export type HoldAnswer = (req: IncomingMessage, res: ServerResponse, isEventStream: boolean) => void

/**
 * When the credential ends, so does the answer, as if the upstream had broken off: it must not look whole. An event stream
 * never ends by itself, so it ends also when the gateway stops; a download may finish.
 */
export function createHoldAnswer(live: Pick<LiveExchanges, 'hold'>): HoldAnswer {
  return function holdAnswer(req, res, isEventStream) {
    const identity = identityIfAny(req)
    if (res.closed || (identity === undefined && !isEventStream)) return
    const release = live.hold({
      identity,
      end(why) {
        if (why === 'stopping' && !isEventStream) return
        contextOf(req).abort?.()
        res.destroy()
      },
    })
    res.once('close', release)
  }
}
