import type { IncomingMessage } from 'node:http'
import { type RequestHandler, urlencoded } from 'express'
import type { EndSession } from '../identity/session/end-session.ts'
import type { SessionStore } from '../identity/session/session-store.ts'
import type { Clock } from '../platform/clock.ts'
import { fromStranger } from '../platform/errors/from-stranger.ts'
import { GatewayError, unavailable } from '../platform/errors/gateway-error.ts'
import type { LogoutToken, VerifyLogoutToken } from '../platform/oidc/verify-logout-token.ts'
import { within } from '../platform/within.ts'
import type { LogoutMarks } from './logout-marks.ts'

export interface BackchannelLogoutParts {
  verifyLogoutToken: VerifyLogoutToken
  marks: LogoutMarks
  issuer: string
  store: Pick<SessionStore, 'find' | 'read'>
  endSession: EndSession
  clock: Clock
  letBodyCome: (...exchange: Parameters<RequestHandler>) => void
  onEnded: (req: IncomingMessage, subject: string | undefined, sessions: number) => void
}

/** Keycloak hangs up after 5 s and never asks again; the contract says 4. */
const DEADLINE_MS = 3_500

/**
 * `POST /backchannel-logout` (OpenID Connect Back-Channel Logout 1.0): 200 when the sessions are gone on every instance,
 * 400 for whatever is wrong with the request, 503 when it cannot be done now.
 */
export function backchannelLogout(parts: BackchannelLogoutParts): RequestHandler[] {
  const { letBodyCome } = parts
  const parse = urlencoded({ limit: '16kb', extended: false, parameterLimit: 20 })
  return [
    function refuseOtherTypes(req, res, next) {
      if (!req.is('application/x-www-form-urlencoded')) throw badRequest('not a form')
      letBodyCome(req, res, next)
      parse(req, res, (error?: unknown) => next(error === undefined ? undefined : badRequest(fromStranger(error).code)))
    },
    async function backchannelLogout(req, res) {
      const token: unknown = (req.body as Record<string, unknown> | undefined)?.logout_token
      if (typeof token !== 'string' || token === '') throw badRequest('no logout_token, or more than one')
      const { subject, sessions } = await within(DEADLINE_MS, endWhatItNames(parts, token), tooLate)
      parts.onEnded(req, subject, sessions)
      res.setHeader('Cache-Control', 'no-store')
      res.status(200).end()
    },
  ]
}

async function endWhatItNames(
  { verifyLogoutToken, marks, issuer, store, endSession, clock }: BackchannelLogoutParts,
  raw: string,
): Promise<{ subject: string | undefined; sessions: number }> {
  const token = await verifyLogoutToken(raw)
  const target = targetOf(token)
  try {
    if (!(await marks.firstTime(token.jti))) throw badRequest('a replayed token')
    // First the mark, then the search: a login that is just being written either sees the mark or is found.
    await marks.mark(target, { issuedAt: token.issuedAt, receivedAt: clock.now() })
    const ids = await store.find({ issuer, ...target }, token.issuedAt)
    const ended = await Promise.all(
      ids.map(async (id) => {
        const meant = await isMeant(store, id, token)
        if (meant) await endSession(id, 'backchannel-logout')
        return meant
      }),
    )
    return { subject: token.subject, sessions: ended.filter(Boolean).length }
  } catch (error) {
    // Also after a first time that was not answered: a store that hangs carries it out when it goes on.
    if (!isRefusal(error)) marks.forget(token.jti).catch(() => undefined)
    throw error
  }
}

/** With both a `sid` and a `sub`, both must be the session's (section 2.6, steps 9 to 11). */
async function isMeant(store: Pick<SessionStore, 'read'>, id: string, { providerSessionId, subject }: LogoutToken) {
  if (providerSessionId === undefined || subject === undefined) return true
  const session = await store.read(id)
  return session === undefined || session.record.caller.id === subject
}

function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'INVALID_REQUEST'
}

/** With a `sid` only that session ends; with a `sub` alone all of that person's do (section 2.7). */
function targetOf({ providerSessionId, subject }: LogoutToken) {
  return providerSessionId === undefined ? { subject } : { providerSessionId }
}

function badRequest(reason: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', { reason: `back-channel logout: ${reason}` })
}

const tooLate = () => unavailable('SESSION_STORE_UNAVAILABLE', 'a back-channel logout took too long')
