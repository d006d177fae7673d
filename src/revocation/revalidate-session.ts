import { decodeJwt } from 'jose'
import type { EndSession } from '../identity/session/end-session.ts'
import type { Lease } from '../identity/session/refresh-lease.ts'
import type { RefreshSession } from '../identity/session/refresh-session.ts'
import type { SessionTokens, StoredSession } from '../identity/session/session.ts'
import type { SessionStore } from '../identity/session/session-store.ts'
import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { CutOffs } from './cut-offs.ts'

export interface RevalidateSessionParts {
  cutOffs: Pick<CutOffs, 'endsSession' | 'renewUntil'>
  /** What is asked where nobody tells the gateway of changes. */
  withoutEvents: {
    isNeeded(): boolean
    /** Milliseconds after which tokens must be renewed. */
    renewAfterMs: number
    /** Whether the person may go on with a session of then; must not fail. */
    stillCounts(subject: string, issuedAt: number): Promise<boolean>
  }
  store: Pick<SessionStore, 'read' | 'replaceTokens'>
  lease: Lease
  endSession: EndSession
  refreshSession: RefreshSession
  clock: Clock
  pause: (milliseconds: number) => Promise<void>
}

const PATIENCE_MS = 2_000

/**
 * What stands before the renewal of tokens when a session is read: one that was issued before a cut-off ends, and one whose
 * tokens are older than a change of rights is renewed, so that it shows the rights of now.
 */
export function createRevalidateSession(parts: RevalidateSessionParts): RefreshSession {
  const { cutOffs, withoutEvents, endSession, refreshSession, clock } = parts

  const isOutdated = ({ record, tokens }: StoredSession) =>
    issuedAt(tokens) <= cutOffs.renewUntil(record.caller.id) ||
    (withoutEvents.isNeeded() && obtainedAt(tokens) <= clock.now() - withoutEvents.renewAfterMs)

  const stillCounts = async ({ record }: StoredSession) =>
    !withoutEvents.isNeeded() || withoutEvents.stillCounts(record.caller.id, record.issuedAt)

  return async function revalidateSession(session) {
    const { record, tokens } = session
    const isOver = cutOffs.endsSession(record.caller.id, record)
    const outdated = tokens.mustRenew !== true && isOutdated(session)
    if (isOver || (outdated && !(await stillCounts(session)))) {
      await endSession(session.id, 'revoked')
      return undefined
    }
    if (!outdated || tokens.refreshToken === null) return refreshSession(session)
    const marked = await inTime(parts, markForRenewal(parts, session.id, isOutdated))
    if (marked === 'later') return refreshSession(session)
    return marked === undefined ? undefined : refreshSession(marked)
  }
}

/** A renewal that hangs elsewhere must not hold anyone up while the old token lives; the next request looks again. */
async function inTime<T>({ pause }: RevalidateSessionParts, marking: Promise<T>): Promise<T | 'later'> {
  const marked = marking.catch((error: unknown) => {
    if (error instanceof GatewayError && error.code === 'REFRESH_FAILED') return 'later' as const
    throw error
  })
  return Promise.race([marked, pause(PATIENCE_MS).then(() => 'later' as const)])
}

/** Under the lease, so that a renewal that is on its way is waited for and not overtaken. */
async function markForRenewal(
  { lease, store }: RevalidateSessionParts,
  id: string,
  isOutdated: (session: StoredSession) => boolean,
): Promise<StoredSession | undefined> {
  return lease.run(id, async ({ fence }) => {
    const now = await store.read(id)
    if (now === undefined || now.tokens.mustRenew === true || !isOutdated(now)) return now
    const tokens: SessionTokens = { ...now.tokens, version: now.tokens.version + 1, mustRenew: true }
    // Not written: then somebody else was quicker, and the next request looks again.
    return (await store.replaceTokens(id, tokens, now.record, fence)) ? { ...now, tokens } : now
  })
}

/** By the provider's clock, as cut-offs are; a token that cannot be read is as old as the gateway knows. */
function issuedAt(tokens: SessionTokens): number {
  try {
    const { iat } = decodeJwt(tokens.accessToken)
    return typeof iat === 'number' ? iat * 1000 : obtainedAt(tokens)
  } catch {
    return obtainedAt(tokens)
  }
}

function obtainedAt({ accessExpiresAt, accessLifetime }: SessionTokens): number {
  return accessExpiresAt === null || accessLifetime === null
    ? Number.POSITIVE_INFINITY
    : accessExpiresAt - accessLifetime
}
