import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AcceptedMethods } from '../identity/resolve-identity.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { htmlPage, pageContentSecurityPolicy } from '../platform/http/html-page.ts'
import { isCrossSiteNavigation, isNavigation } from '../platform/http/navigation.ts'
import { contextOf } from '../platform/observability/request-context.ts'

export interface AskToSignInParts {
  publicUrl: string
  hasSessionCookie: (req: IncomingMessage) => boolean
  applySecurityHeaders: (res: ServerResponse) => void
  secureCookies: boolean
}

/**
 * Nobody is calling a guarded route: a navigation is sent to `/login`, everything else is refused with 401 and told where
 * to sign in. Answers true when it has answered.
 *
 * A Strict cookie is missing on a navigation that began on another site, so such a one first comes back to itself from
 * a page of our own, once (design section 3, Cookies).
 * @throws GatewayError AUTHENTICATION_REQUIRED
 */
export function createAskToSignIn({
  publicUrl,
  hasSessionCookie,
  applySecurityHeaders,
  secureCookies,
}: AskToSignInParts) {
  const bounced = secureCookies ? '__Host-cloakroom-bounced' : 'cloakroom-bounced'
  const bouncedCookie = `${bounced}=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=5${secureCookies ? '; Secure' : ''}`
  const alreadyBounced = new RegExp(`(^|;\\s*)${bounced}=1(;|$)`)

  return function askToSignIn(req: IncomingMessage, res: ServerResponse, accepted: AcceptedMethods): void {
    const { path, query, requestId } = contextOf(req)
    if (!isNavigation(req) || !accepted.includes('session')) throw unauthenticated(publicUrl, accepted)
    applySecurityHeaders(res)
    res.setHeader('X-Request-Id', requestId)
    res.setHeader('Cache-Control', 'no-store')
    if (isCrossSiteNavigation(req) && !hasSessionCookie(req) && !alreadyBounced.test(req.headers.cookie ?? '')) {
      const target = publicUrl + path + query
      res.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Set-Cookie': bouncedCookie,
        'Content-Security-Policy': pageContentSecurityPolicy,
      })
      res.end(
        htmlPage({
          title: 'One moment',
          paragraphs: ['You are being taken to the page you asked for.'],
          action: { label: 'Continue', href: target },
          moveOnTo: target,
        }),
      )
      return
    }
    res.writeHead(302, { Location: `/login?returnTo=${encodeURIComponent(path + query)}`, 'Content-Length': 0 })
    res.end()
  }
}

function unauthenticated(publicUrl: string, accepted: AcceptedMethods): GatewayError {
  return new GatewayError('AUTHENTICATION_REQUIRED', {
    details: accepted.includes('session') ? { loginUrl: `${publicUrl}/login` } : {},
    headers: accepted.includes('bearer') ? { 'WWW-Authenticate': 'Bearer realm="cloakroom"' } : {},
  })
}
