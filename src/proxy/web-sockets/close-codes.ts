import type { WhyEnded } from '../live/live-exchanges.ts'

/** Close codes the gateway itself uses (RFC 6455 section 7.4.1, IANA's registry, and one of the private range). */
export const closeCodes = {
  goingAway: 1001,
  vanished: 1006,
  policy: 1008,
  tooBig: 1009,
  tryAgainLater: 1013,
  /** The upstream broke the protocol or went without a word. */
  badGateway: 1014,
  /** Like the HTTP status: sign in again. */
  signedOut: 4401,
} as const

/** What the gateway says when it closes a socket because of its caller's credential, or because it stops. */
export function closeFor(why: WhyEnded): { code: number; reason: string } {
  if (why === 'over') return { code: closeCodes.signedOut, reason: 'the sign-in is over' }
  if (why === 'stopping') return { code: closeCodes.goingAway, reason: 'the gateway is restarting' }
  return { code: closeCodes.tryAgainLater, reason: 'the sign-in cannot be confirmed' }
}

/** What the other side is told; undefined is a close without a code (1005, which nobody may write). */
export function passOn(code: number, from: 'client' | 'upstream'): number | undefined {
  if (code === 1005) return undefined
  if (code !== closeCodes.vanished) return code
  return from === 'client' ? closeCodes.goingAway : closeCodes.badGateway
}

const OWN_FAULTS: Record<string, number> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: closeCodes.tooBig,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: closeCodes.tooBig,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: closeCodes.policy,
  WS_ERR_INVALID_UTF8: 1007,
}

/** The code with which `ws` has closed a side that broke the protocol; undefined for errors of the connection. */
export function codeOfFault(error: Error): number | undefined {
  const { code } = error as NodeJS.ErrnoException
  return code?.startsWith('WS_ERR_') ? (OWN_FAULTS[code] ?? 1002) : undefined
}
