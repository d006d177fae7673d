import type { Request, Response } from 'express'
import type { CallerClaims } from '../identity/caller-claims.ts'
import { describeDevice } from '../identity/session/describe-device.ts'
import type { EndSession } from '../identity/session/end-session.ts'
import type { SessionStore } from '../identity/session/session-store.ts'
import { callerOf, toSessionTokens } from '../identity/session/session-tokens.ts'
import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { RelyingParty } from '../platform/oidc/relying-party.ts'
import type { LoginTransaction } from './login-transaction.ts'
import type { LogoutMarks } from './logout-marks.ts'

type Answer = Awaited<ReturnType<RelyingParty['exchangeCode']>>
export type OpenSession = (req: Request, res: Response, answer: Answer, transaction: LoginTransaction) => Promise<void>

export interface OpenSessionParts {
  store: SessionStore
  /** express-session, run here only: nothing else creates sessions. */
  loadSession: (req: Request, res: Response) => Promise<void>
  /** The id in the session cookie that came with the callback, if its signature holds. */
  currentSessionId: (req: Request) => string | undefined
  endSession: EndSession
  relyingParty: Pick<RelyingParty, 'revoke'>
  marks: Pick<LogoutMarks, 'isEnded'>
  issuer: string
  clock: Clock
  /** Seconds. */
  absoluteTimeout: number
  /** A session of this browser gave way to the new one. */
  onReplaced: (req: Request, former: CallerClaims) => void
}

/**
 * Opens a session under an id nobody has seen before (never the one that came in) and ends the one this browser had when
 * it began. The former refresh token is revoked only when it belongs to another SSO session: a second login in one
 * browser keeps Keycloak's `sid`, and revoking the old token would kill the new login.
 */
export function createOpenSession(parts: OpenSessionParts): OpenSession {
  const { store, loadSession, currentSessionId, endSession, relyingParty, marks, issuer, clock, absoluteTimeout } =
    parts

  return async function openSession(req, res, answer, transaction) {
    const now = clock.now()
    const issuedAt = typeof answer.claims.iat === 'number' ? answer.claims.iat * 1000 : now
    const providerSessionId = typeof answer.claims.sid === 'string' ? answer.claims.sid.slice(0, 255) : null
    const formerIds = new Set([transaction.formerSessionId, currentSessionId(req) ?? null].filter((id) => id !== null))
    const formers = await Promise.all([...formerIds].map(async (id) => ({ id, session: await store.read(id) })))
    await loadSession(req, res)
    await new Promise<void>((resolve, reject) =>
      req.session.regenerate((error?: unknown) => (error ? reject(error) : resolve())),
    )
    await store.addTokens(req.sessionID, toSessionTokens(answer, now))
    req.session.record = {
      caller: callerOf(answer, answer.claims),
      issuer,
      providerSessionId,
      tenant: null,
      issuedAt,
      createdAt: now,
      absoluteExpiresAt: now + absoluteTimeout * 1000,
      device: describeDevice(req.headers['user-agent']),
      address: contextOf(req).clientAddress,
    }
    await new Promise<void>((resolve, reject) =>
      req.session.save((error?: unknown) => (error ? reject(error) : resolve())),
    )
    await store.index(req.sessionID, req.session.record)
    if (
      await marks.isEnded(
        { providerSessionId: providerSessionId ?? undefined, subject: answer.claims.sub },
        { issuedAt, startedAt: transaction.startedAt },
      )
    ) {
      await new Promise<void>((resolve, reject) =>
        req.session.destroy((error?: unknown) => (error ? reject(error) : resolve())),
      )
      throw new GatewayError('LOGIN_REJECTED', { reason: 'the person was signed out while signing in' })
    }
    for (const { id, session } of formers) {
      await endSession(id, 'account-switch')
      if (session !== undefined) parts.onReplaced(req, session.record.caller)
      const token = session?.tokens.refreshToken
      if (token && session.record.providerSessionId !== providerSessionId) await relyingParty.revoke(token)
    }
  }
}
