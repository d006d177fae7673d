import type { IncomingMessage } from 'node:http'
import type { AnswerExtras } from '../headers/response-headers.ts'

/** Everything the transport needs to know of one request; decided before http-proxy-middleware sees it. */
export interface Forwarding {
  readonly path: string
  /** Flat name-value list. */
  readonly headers: string[]
  /** Bytes. */
  readonly maxBody: number
  readonly extras: AnswerExtras
}

const FORWARDING = Symbol('cloakroom.forwarding')
type WithForwarding = IncomingMessage & { [FORWARDING]?: Forwarding }

export function setForwarding(req: IncomingMessage, forwarding: Forwarding): void {
  ;(req as WithForwarding)[FORWARDING] = forwarding
}

export function forwardingOf(req: IncomingMessage): Forwarding {
  const forwarding = (req as WithForwarding)[FORWARDING]
  if (forwarding === undefined) throw new Error('the request was not prepared for forwarding')
  return forwarding
}
