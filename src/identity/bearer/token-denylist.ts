import { hash } from 'node:crypto'

/** Access tokens that were taken back before their time; the port that every implementation signs a contract for. */
export interface TokenDenylist {
  /**
   * Refuses a token until `until` (milliseconds since the epoch, when it could not be used any more). Resolves when every
   * live instance refuses it.
   * @throws GatewayError REVOCATIONS_UNAVAILABLE when that is not certain; asking again does no harm
   */
  deny(key: string, until: number): Promise<void>
  /**
   * Whether a token was taken back; answers at once when this process knows.
   * @throws GatewayError REVOCATIONS_UNAVAILABLE when nobody can tell
   */
  isDenied(key: string): boolean | Promise<boolean>
}

/**
 * The name of a token on the list: its `jti`, or, for a token without one, what its signature covers. Not its whole text:
 * a signature can be written in more than one way (ECDSA has two values, base64url spare bits), what it covers cannot.
 */
export function denialKey(issuer: string, token: string, tokenId: unknown): string {
  if (typeof tokenId === 'string' && tokenId !== '') return hash('sha256', `jti ${issuer} ${tokenId}`, 'base64url')
  return hash('sha256', `text ${token.slice(0, token.lastIndexOf('.'))}`, 'base64url')
}
