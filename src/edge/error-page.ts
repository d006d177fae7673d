import type { IncomingMessage } from 'node:http'
import type { ErrorCode } from '../platform/errors/error-codes.ts'
import type { GatewayError } from '../platform/errors/gateway-error.ts'
import { htmlPage, pageContentSecurityPolicy } from '../platform/http/html-page.ts'

const TITLES: Partial<Record<ErrorCode, string>> = {
  LOGIN_STATE_INVALID: 'This sign-in cannot be finished',
  LOGIN_REJECTED: 'Signing in did not work',
  LOGIN_DENIED: 'You are not signed in',
  LOGIN_ANSWER_INVALID: 'Signing in did not work',
  KEYCLOAK_UNAVAILABLE: 'Signing in is not possible right now',
  KEYCLOAK_REFUSED: 'Signing in is not possible right now',
  SESSION_STORE_UNAVAILABLE: 'One moment, please',
  INSUFFICIENT_PERMISSIONS: 'You may not see this page',
  NOT_FOUND: 'There is nothing here',
  RATE_LIMITED: 'That was too quick',
  UPSTREAM_UNAVAILABLE: 'This service is away',
  UPSTREAM_TIMEOUT: 'This service does not answer',
}
const TRY_AGAIN: ReadonlySet<ErrorCode> = new Set([
  'LOGIN_STATE_INVALID',
  'LOGIN_REJECTED',
  'LOGIN_DENIED',
  'LOGIN_ANSWER_INVALID',
  'KEYCLOAK_UNAVAILABLE',
  'KEYCLOAK_REFUSED',
  'SESSION_STORE_UNAVAILABLE',
])

/** The page a person sees when something fails: what it means, what to do, and the id to quote. Never a retry by itself. */
export function errorPage(
  error: GatewayError,
  correlationId: string,
  req: IncomingMessage,
): { html: string; contentSecurityPolicy: string } {
  const signingIn = /^\/(login|callback)(\?|$)/.test(req.url ?? '')
  const action =
    signingIn || TRY_AGAIN.has(error.code)
      ? { label: 'Try again', href: signingIn ? '/login' : '' }
      : { label: 'Go to the start page', href: '/' }
  const html = htmlPage({
    title: TITLES[error.code] ?? 'That did not work',
    paragraphs: [error.message],
    action,
    footer: `Error ${error.code} · request ${correlationId}`,
  })
  return { html, contentSecurityPolicy: pageContentSecurityPolicy }
}
