import type { TokenCheck } from '../identity/bearer/token-check.ts'
import { tokenRefused } from '../identity/bearer/token-refused.ts'
import type { CutOffs } from './cut-offs.ts'

/**
 * Refuses bearer tokens that were issued before their owner was disabled, deleted or signed out, before a not-before, or before
 * the refresh token of their grant was revoked (RFC 7009 section 2.1). Rights
 * that were taken away stay in a token until it expires: it belongs to its client, and only that client can renew it.
 */
export function checkCutOffs(cutOffs: Pick<CutOffs, 'endedUntil'>): TokenCheck {
  return function issuedAfterCutOff({ identity, issuedAt, grant }) {
    if (grant !== undefined && issuedAt * 1000 <= cutOffs.endedUntil(grant))
      throw tokenRefused('TOKEN_INVALID', 'the grant of the token was revoked')
    if (issuedAt * 1000 <= cutOffs.endedUntil(identity.id))
      throw tokenRefused('TOKEN_INVALID', 'the token was issued before its owner lost access')
  }
}
