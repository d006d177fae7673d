import type { Request, RequestHandler, Response } from 'express'
import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { htmlPage, pageContentSecurityPolicy } from '../platform/http/html-page.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { RelyingParty } from '../platform/oidc/relying-party.ts'
import { callbackError } from './callback-error.ts'
import { readCallback } from './callback-query.ts'
import type { LoginCookies } from './login-cookie.ts'
import { LOGIN_LIFETIME_SECONDS, type LoginTransaction, type LoginTransactions } from './login-transaction.ts'
import type { OpenSession } from './open-session.ts'

export interface FinishLoginParts {
  relyingParty: Pick<RelyingParty, 'exchangeCode'>
  transactions: LoginTransactions
  cookies: LoginCookies
  openSession: OpenSession
  clock: Clock
  sameSite: 'strict' | 'lax'
  onFinished: (login: FinishedLogin) => void
}

export interface FinishedLogin {
  req: Request
  /** `ok` or an error code. */
  outcome: string
  /** Whether the sign-in was begun in this browser; anybody can call this address with a state of their own making. */
  begunHere: boolean
}

/** `GET /callback`: judges the provider's answer, opens a session under a new id and moves on to where the person wanted to go. */
export function finishLogin(parts: FinishLoginParts): RequestHandler {
  const { relyingParty, transactions, cookies, openSession, clock, onFinished } = parts

  async function find(req: Parameters<RequestHandler>[0], state: string): Promise<LoginTransaction> {
    const transaction = await transactions.find(state)
    const fits = transaction !== undefined && cookies.holds(req, state, transaction.browser)
    const alive = fits && clock.now() - transaction.startedAt < LOGIN_LIFETIME_SECONDS * 1000
    // Taken before the code is spent: a callback that is loaded again never spends it twice.
    if (alive && (await transactions.take(state))) return transaction
    throw new GatewayError('LOGIN_STATE_INVALID', {
      reason: fits ? 'the login was already finished' : 'unknown or foreign state',
    })
  }

  return async function finishLogin(req, res) {
    if (req.method !== 'GET') throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: 'GET' } })
    let begunHere = false
    try {
      const { query } = contextOf(req)
      const { state } = readCallback(query)
      const transaction = await find(req, state)
      begunHere = true
      cookies.remove(res, state)
      const answer = await relyingParty.exchangeCode(query, transaction).catch((error: unknown) => {
        throw callbackError(error)
      })
      await openSession(req, res, answer, transaction)
      onFinished({ req, outcome: 'ok', begunHere })
      moveOn(res, transaction.returnTo, parts.sameSite)
    } catch (error) {
      onFinished({ req, outcome: error instanceof GatewayError ? error.code : 'INTERNAL_ERROR', begunHere })
      throw error
    }
  }
}

/**
 * A Strict cookie is not sent on the redirect that follows a navigation from the provider's site, so the browser is
 * moved on by a page of our own, which works without script.
 */
function moveOn(res: Response, returnTo: string, sameSite: 'strict' | 'lax'): void {
  res.setHeader('Cache-Control', 'no-store')
  if (sameSite === 'lax') {
    res.redirect(303, returnTo)
    return
  }
  res.setHeader('Content-Security-Policy', pageContentSecurityPolicy)
  res
    .status(200)
    .type('html')
    .send(
      htmlPage({
        title: 'Signed in',
        paragraphs: ['You are being taken to where you wanted to go.'],
        action: { label: 'Continue', href: returnTo },
        moveOnTo: returnTo,
      }),
    )
}
