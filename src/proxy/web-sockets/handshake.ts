import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../../platform/errors/gateway-error.ts'

export interface Handshake {
  /** What the client offers, without what carries a token. */
  readonly protocols: readonly string[]
  /** Offers that carry a token, because browsers cannot set `Authorization` on a WebSocket. */
  readonly carriers: readonly string[]
}

const KEY = /^[+/0-9A-Za-z]{22}==$/
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const PLAIN_PREFIX = 'bearer.'
/** Kubernetes' form, which its clients speak already; base64url because not every token is made of token characters. */
const ENCODED_PREFIX = 'base64url.bearer.authorization.k8s.io.'
const MAX_OFFERS = 32

/**
 * Reads a client's opening handshake (RFC 6455 section 4.2.1) after node:http has said that it is a GET for a WebSocket.
 * @param early bytes that came right behind it
 * @throws GatewayError WEBSOCKET_VERSION_UNKNOWN or WEBSOCKET_HANDSHAKE_INVALID
 */
export function readHandshake({ headers }: IncomingMessage, early: Buffer): Handshake {
  const version = headers['sec-websocket-version']
  if (version !== '13') {
    if (version?.includes(',')) refuse('more than one Sec-WebSocket-Version')
    throw new GatewayError('WEBSOCKET_VERSION_UNKNOWN', {
      headers: { 'Sec-WebSocket-Version': '13', Upgrade: 'websocket' },
    })
  }
  if (!KEY.test(headers['sec-websocket-key'] ?? '')) refuse('Sec-WebSocket-Key is missing or not 16 bytes in base64')
  // A client waits for the answer (RFC 6455 section 4.1); what does not is trying to hide something behind the handshake.
  if (early.length > 0) refuse('bytes behind the handshake, before it was answered')
  const offers = readOffers(headers['sec-websocket-protocol'])
  return { protocols: offers.filter((offer) => !carriesToken(offer)), carriers: offers.filter(carriesToken) }
}

/**
 * The token among the subprotocols, if there is one; for routes that look at credentials.
 * @throws GatewayError WEBSOCKET_HANDSHAKE_INVALID when it is not clear which token is meant
 */
export function readToken({ protocols, carriers }: Handshake, { headers }: IncomingMessage): string | undefined {
  const [carrier] = carriers
  if (carrier === undefined) return undefined
  if (carriers.length > 1) refuse('more than one token among the subprotocols')
  if (headers.authorization !== undefined) refuse('a token in Authorization and another among the subprotocols')
  // The server's answer names one of the offers, and it must not be the token.
  if (protocols.length === 0) refuse('a token among the subprotocols needs a real subprotocol beside it')
  return tokenOf(carrier)
}

function readOffers(header: string | undefined): string[] {
  if (header === undefined) return []
  const offers = header.split(',').map((offer) => offer.trim())
  if (offers.length > MAX_OFFERS || !offers.every((offer) => TOKEN.test(offer)) || new Set(offers).size < offers.length)
    refuse('Sec-WebSocket-Protocol is not a list of different subprotocols')
  return offers
}

/** Whatever looks like one is taken away, in any case of its letters, so that no token goes further by mistake. */
function carriesToken(offer: string): boolean {
  const lower = offer.toLowerCase()
  return lower.startsWith(PLAIN_PREFIX) || lower.startsWith('base64url.bearer.')
}

/** What is no token at all comes out as one that no check lets pass. */
function tokenOf(offer: string): string {
  if (offer.startsWith(PLAIN_PREFIX)) return offer.slice(PLAIN_PREFIX.length)
  if (!offer.startsWith(ENCODED_PREFIX)) return ''
  return Buffer.from(offer.slice(ENCODED_PREFIX.length), 'base64url').toString('latin1')
}

function refuse(reason: string): never {
  throw new GatewayError('WEBSOCKET_HANDSHAKE_INVALID', { reason })
}
