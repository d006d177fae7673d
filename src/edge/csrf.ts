import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../platform/errors/gateway-error.ts'

export interface CsrfParts {
  isAllowedOrigin: (origin: string) => boolean
  /** Whether the request carries the session cookie, alive or not: a refusal must not tell which. */
  hasSessionCookie: (req: IncomingMessage) => boolean
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Also where it came twice, which node:http makes one value of. */
const CROSS_SITE = /cross-site/i

/**
 * Requests that a browser may have been tricked into (design section 3, CSRF): judged before identity.
 * A request with its own `Authorization` needs no proof, because then the cookie is ignored.
 * @throws GatewayError CSRF_REJECTED
 */
export function createCsrfCheck({ isAllowedOrigin, hasSessionCookie }: CsrfParts) {
  function checkOrigin(req: IncomingMessage): void {
    const { origin } = req.headers
    const site = req.headers['sec-fetch-site']
    const allowed = origin !== undefined && isAllowedOrigin(origin)
    if (SAFE.has(req.method ?? '')) {
      if (CROSS_SITE.test(site ?? '') && !allowed && !isPageLoad(req)) reject('a cross-site request for data')
      if (origin !== undefined && !allowed) reject('a foreign Origin')
      return
    }
    if (origin !== undefined && !allowed) reject('a foreign Origin')
    if (site !== undefined && site !== 'same-origin' && !allowed) reject(`Sec-Fetch-Site is ${site}`)
  }

  return {
    /** For everything that a session cookie may open. */
    check(req: IncomingMessage): void {
      if (req.headers.authorization !== undefined) return
      checkOrigin(req)
      if (!SAFE.has(req.method ?? '') && hasSessionCookie(req) && req.headers['x-csrf'] !== '1')
        reject('no X-CSRF: 1 header')
    },
    /** For `POST /logout`, which a plain form of the own pages may send too. */
    checkLogout(req: IncomingMessage): void {
      if (isFormOfOwnPageWithoutReferrer(req)) return
      checkOrigin(req)
      if (req.headers['x-csrf'] === '1') return
      const site = req.headers['sec-fetch-site']
      const ownForm =
        site === undefined
          ? req.headers.origin !== undefined
          : site === 'same-origin' && req.headers['sec-fetch-mode'] === 'navigate'
      if (!ownForm) reject('neither a form of the own pages nor an X-CSRF: 1 header')
    },
  }
}

/**
 * A page that sends no referrer, as the gateway's own policy asks, sends `Origin: null` with its forms; that it is of this
 * origin all the same is told by `Sec-Fetch-Site`, which no page can forge.
 */
function isFormOfOwnPageWithoutReferrer({ headers }: IncomingMessage): boolean {
  return (
    headers.origin === 'null' && headers['sec-fetch-site'] === 'same-origin' && headers['sec-fetch-mode'] === 'navigate'
  )
}

function isPageLoad(req: IncomingMessage): boolean {
  return req.headers['sec-fetch-mode'] === 'navigate' && req.headers['sec-fetch-dest'] === 'document'
}

function reject(reason: string): never {
  throw new GatewayError('CSRF_REJECTED', { reason })
}
