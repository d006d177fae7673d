import type { BearerIdentity } from '../identity.ts'
import type { TokenDenylist } from './token-denylist.ts'
import { tokenRefused } from './token-refused.ts'

/** What is known of an access token whose signature and claims are good. */
export interface VerifiedToken {
  readonly identity: BearerIdentity
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** `iat`, in seconds since the epoch. */
  readonly issuedAt: number
  /** Its name on the denylist. */
  readonly denialKey: string
  /** The grant that it came from, where it came from one that is renewed. */
  readonly grant?: string | undefined
}

/**
 * Asked about every call with a good token, also a remembered one: whether it still holds. Answers at once when it can.
 * @throws GatewayError TOKEN_INVALID when it does not, 503 when nobody can tell
 */
export type TokenCheck = (token: VerifiedToken) => void | Promise<void>

/** Refuses tokens that were taken back one by one (RFC 7009). */
export function checkDenylist(denylist: Pick<TokenDenylist, 'isDenied'>): TokenCheck {
  const judge = (denied: boolean) => {
    if (denied) throw tokenRefused('TOKEN_INVALID', 'the token was revoked')
  }
  return function notDenied({ denialKey }) {
    const denied = denylist.isDenied(denialKey)
    return denied instanceof Promise ? denied.then(judge) : judge(denied)
  }
}
