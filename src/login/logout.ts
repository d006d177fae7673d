import type { IncomingMessage } from 'node:http'
import type { RequestHandler, Response } from 'express'
import type { EndSession } from '../identity/session/end-session.ts'
import type { StoredSession } from '../identity/session/session.ts'
import type { SessionCookie } from '../identity/session/session-cookie.ts'
import { success } from '../platform/errors/envelope.ts'
import type { Log } from '../platform/observability/log.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { RelyingParty } from '../platform/oidc/relying-party.ts'

export interface LogoutParts {
  currentSession: (req: IncomingMessage) => Promise<StoredSession | undefined>
  endSession: EndSession
  relyingParty: Pick<RelyingParty, 'revoke' | 'endSessionUrl'>
  checkCsrf: (req: IncomingMessage) => void
  cookie: SessionCookie
  sameSite: 'strict' | 'lax'
  /** Where the provider sends the browser back to; absolute. */
  returnUrl: string
  log: Log
  onSignedOut: (req: IncomingMessage, session: StoredSession) => void
}

/**
 * `POST /logout`: ends the session here first, then revokes its tokens, then names the provider's sign-out address
 * (OpenID Connect RP-Initiated Logout 1.0). With the provider down it still signs out here. Nothing in the request can
 * choose where to go afterwards.
 */
export function logout(parts: LogoutParts): RequestHandler {
  const { currentSession, endSession, relyingParty, checkCsrf, returnUrl, log } = parts

  async function signOutUrl(session: StoredSession | undefined): Promise<string> {
    if (session === undefined) return returnUrl
    try {
      return (await relyingParty.endSessionUrl(session.tokens.idToken ?? undefined, returnUrl)) ?? returnUrl
    } catch (error) {
      log.warn('signed out here, but the provider could not be asked where to sign out there', { error })
      return returnUrl
    }
  }

  return async function logout(req, res) {
    checkCsrf(req)
    const session = await currentSession(req)
    if (session !== undefined) {
      await endSession(session.id, 'logout')
      parts.onSignedOut(req, session)
      if (session.tokens.refreshToken !== null) await relyingParty.revoke(session.tokens.refreshToken)
    }
    const logoutUrl = await signOutUrl(session)
    clearCookie(res, parts)
    res.setHeader('Cache-Control', 'no-store')
    if (wantsPage(req)) res.redirect(303, logoutUrl)
    else res.json(success({ logoutUrl }, 'Signed out', contextOf(req).requestId))
  }
}

function clearCookie(res: Response, { cookie, sameSite }: LogoutParts): void {
  const secure = cookie.secure ? '; Secure' : ''
  res.appendHeader(
    'Set-Cookie',
    `${cookie.name}=; Path=/; HttpOnly; SameSite=${sameSite === 'strict' ? 'Strict' : 'Lax'}; Max-Age=0${secure}`,
  )
}

function wantsPage(req: IncomingMessage): boolean {
  const mode = req.headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate'
  return /\btext\/html\b/i.test(req.headers.accept ?? '')
}
