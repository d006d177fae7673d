import type { IncomingMessage } from 'node:http'
import { unsign } from 'cookie-signature'
import { GatewayError } from '../../platform/errors/gateway-error.ts'

export interface SessionCookie {
  readonly name: string
  readonly secure: boolean
  /** Whether the request carries a cookie of this name, good or not. */
  isPresent(req: IncomingMessage): boolean
  /** The raw value, still signed. @throws GatewayError INVALID_COOKIE when it came twice */
  rawValue(req: IncomingMessage): string | undefined
  /** The session id of a raw value whose signature holds, by any of the secrets. */
  verify(raw: string): string | undefined
}

const PREFIX = 's%3A'
const MAX_LENGTH = 512

/**
 * The one cookie the browser carries: an opaque signed id (express-session's format). `__Host-` pins it to this host and
 * to https (RFC 6265bis section 4.1.3.2); over plain http, for development, it is called `cloakroom`.
 */
export function createSessionCookie({
  publicUrl,
  secrets,
}: {
  publicUrl: string
  secrets: readonly string[]
}): SessionCookie {
  const secure = publicUrl.startsWith('https:')
  const name = secure ? '__Host-cloakroom' : 'cloakroom'
  const prefix = `${name}=`

  function rawValue(req: IncomingMessage): string | undefined {
    const header = req.headers.cookie
    if (header === undefined || !header.includes(prefix)) return undefined
    let found: string | undefined
    for (const part of header.split(';')) {
      const pair = part.trim()
      if (!pair.startsWith(prefix)) continue
      // Two of them mean that someone else planted one, and nobody can tell which (cookie tossing).
      if (found !== undefined) throw new GatewayError('INVALID_COOKIE', { reason: 'the session cookie came twice' })
      found = pair.slice(prefix.length)
    }
    return found
  }

  return {
    name,
    secure,
    rawValue,
    isPresent(req) {
      try {
        return rawValue(req) !== undefined
      } catch {
        return true
      }
    },
    verify(raw) {
      if (!raw.startsWith(PREFIX) || raw.length > MAX_LENGTH) return undefined
      const signed = decode(raw.slice(PREFIX.length))
      for (const secret of secrets) {
        const id = signed === undefined ? false : unsign(signed, secret)
        if (id !== false && id !== '') return id
      }
      return undefined
    },
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
