import { createSingleFlight } from '../../platform/cache/single-flight.ts'
import type { Clock } from '../../platform/clock.ts'
import { GatewayError, unavailable } from '../../platform/errors/gateway-error.ts'
import type { Log } from '../../platform/observability/log.ts'
import type { RelyingParty, TokenSet } from '../../platform/oidc/relying-party.ts'
import type { Lease } from './refresh-lease.ts'
import { isExpired, needsRefresh, type StoredSession } from './session.ts'
import type { SessionStore } from './session-store.ts'
import { refreshedRecord, toSessionTokens } from './session-tokens.ts'

export interface RefreshParts {
  store: SessionStore
  relyingParty: Pick<RelyingParty, 'refresh' | 'revoke'>
  lease: Lease
  clock: Clock
  log: Log
  pause: (milliseconds: number) => Promise<void>
  onRefreshed: (outcome: string) => void
  /** Ends a session here and tells the other instances. */
  endSession: (id: string, why: string) => Promise<void>
}

/** Gives the session with tokens that may be used, or `undefined` when it is over. */
export type RefreshSession = (session: StoredSession) => Promise<StoredSession | undefined>

const PATIENCE_MS = 2_000
const SECOND_TRY_MS = 150
/** While the old token lives, a failed refresh is not tried again by every request. */
const REST_MS = 2_000
const MAX_RESTING = 10_000

/**
 * Renews access tokens before they expire, one flight per session (design section 7). Only `invalid_grant`, asked twice,
 * ends a session; every other failure keeps it, and while the old token lives it goes on being used.
 * @throws GatewayError REFRESH_FAILED when the token has expired and the provider fails
 */
export function createRefreshSession(parts: RefreshParts): RefreshSession {
  const { clock, lease } = parts
  const flight = createSingleFlight<StoredSession | undefined>()
  const failedAt = new Map<string, number>()

  async function attempt(id: string): Promise<StoredSession | undefined> {
    try {
      const renewed = await lease.run(id, () => renew(parts, id))
      failedAt.delete(id)
      return renewed
    } catch (error) {
      if (failedAt.size >= MAX_RESTING) failedAt.clear()
      failedAt.set(id, clock.now())
      throw error
    }
  }

  return async function refreshSession(session) {
    if (!needsRefresh(session.tokens, clock.now())) return session
    if (session.tokens.refreshToken === null)
      return isExpired(session.tokens, clock.now()) ? endExpired(parts, session) : session
    const run = () => flight(session.id, () => attempt(session.id))
    if (isExpired(session.tokens, clock.now())) return failUnlessKnown(run())
    // The old token still works: a slow or failing provider must not hold anyone up.
    if (clock.now() - (failedAt.get(session.id) ?? Number.NEGATIVE_INFINITY) < REST_MS) return session
    const running = run()
    const renewed = running.then((value) => ({ value }))
    const first = await Promise.race([renewed, parts.pause(PATIENCE_MS)]).catch(() => undefined)
    if (first !== undefined) return first.value
    // It may have expired while everyone waited.
    return isExpired(session.tokens, clock.now()) ? failUnlessKnown(running) : session
  }
}

async function failUnlessKnown<T>(renewed: Promise<T>): Promise<T> {
  try {
    return await renewed
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'SESSION_STORE_UNAVAILABLE') throw error
    throw unavailable('REFRESH_FAILED', error instanceof GatewayError ? error.reason : 'the refresh failed', error)
  }
}

async function renew(parts: RefreshParts, id: string): Promise<StoredSession | undefined> {
  const { store, relyingParty, clock, pause, onRefreshed } = parts
  // Someone else may have finished while this flight was waiting.
  const before = await store.read(id)
  if (before === undefined || !needsRefresh(before.tokens, clock.now())) return before
  let answer = await spend(parts, before)
  if (answer === 'over') {
    await pause(SECOND_TRY_MS)
    const again = await store.read(id)
    if (again === undefined || again.tokens.version !== before.tokens.version) return again
    answer = await spend(parts, again)
  }
  if (answer === 'over' || answer === 'untrusted') {
    onRefreshed(answer)
    await parts.endSession(id, answer === 'over' ? 'grant-over' : 'untrusted-refresh')
    return undefined
  }
  const tokens = toSessionTokens(answer, clock.now(), before.tokens)
  const record = refreshedRecord(before.record, answer)
  if (!(await store.replaceTokens(id, tokens, record))) {
    // Logged out, or overtaken, while the provider answered: what it gave must not live on.
    onRefreshed('discarded')
    const now = await store.read(id)
    if (now === undefined && tokens.refreshToken !== null) await relyingParty.revoke(tokens.refreshToken)
    return now
  }
  onRefreshed('ok')
  return { ...before, tokens, record }
}

async function spend(
  { relyingParty, onRefreshed, log }: RefreshParts,
  session: StoredSession,
): Promise<TokenSet | 'over' | 'untrusted'> {
  try {
    return await relyingParty.refresh(session.tokens.refreshToken ?? '', session.record.caller.id)
  } catch (error) {
    onRefreshed('failed')
    // Refused itself, the gateway is set up wrongly, and somebody has to look; everything else mends itself.
    const refused = error instanceof GatewayError && error.code === 'KEYCLOAK_REFUSED'
    log[refused ? 'error' : 'warn']('a session could not be renewed; it lives on', { error })
    throw error
  }
}

async function endExpired({ endSession }: RefreshParts, session: StoredSession): Promise<undefined> {
  await endSession(session.id, 'token-expired')
  return undefined
}
