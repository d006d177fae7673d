import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Request, RequestHandler } from 'express'
import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { RelyingParty } from '../platform/oidc/relying-party.ts'
import { hashSecret, type LoginCookies } from './login-cookie.ts'
import { readHints } from './login-hints.ts'
import type { LoginTransactions } from './login-transaction.ts'
import { returnUrl } from './return-path.ts'

export interface StartLoginParts {
  relyingParty: Pick<RelyingParty, 'authorizationUrl'>
  transactions: LoginTransactions
  cookies: LoginCookies
  publicUrl: string
  clock: Clock
  /** The id of the session this browser has now, if any. */
  currentSessionId: (req: IncomingMessage) => string | undefined
}

const random = () => randomBytes(32).toString('base64url')

/** `GET /login`: remembers where the person wants to go and sends the browser to the provider. */
export function startLogin(parts: StartLoginParts): RequestHandler {
  const { relyingParty, transactions, cookies, publicUrl, clock, currentSessionId } = parts
  return async function startLogin(req, res) {
    refuseFetch(req)
    const hints = readHints(req.query)
    const secret = random()
    const transaction = {
      state: random(),
      nonce: random(),
      codeVerifier: random(),
      returnTo: returnUrl(req.query.returnTo, publicUrl),
      browser: hashSecret(secret),
      formerSessionId: currentSessionId(req) ?? null,
      startedAt: clock.now(),
    }
    const url = await relyingParty.authorizationUrl({ ...transaction, hints })
    await transactions.save(transaction)
    cookies.add(req, res, transaction.state, secret, clock.now())
    res.setHeader('Cache-Control', 'no-store')
    res.redirect(302, url)
  }
}

/** A login is a page the browser opens; as a subresource or a fetch it could only be somebody else's idea. */
function refuseFetch(req: Request): void {
  const { headers } = req
  if (req.method !== 'GET') throw new GatewayError('METHOD_NOT_ALLOWED', { headers: { Allow: 'GET' } })
  const mode = headers['sec-fetch-mode']
  const destination = headers['sec-fetch-dest']
  const accept = headers.accept ?? '*/*'
  const scripted =
    (mode !== undefined && mode !== 'navigate') ||
    (destination !== undefined && destination !== 'document') ||
    headers['x-requested-with'] !== undefined ||
    (mode === undefined && !/\btext\/html\b|\*\/\*/i.test(accept))
  if (scripted) throw new GatewayError('NAVIGATION_REQUIRED')
}
