import { createSingleFlight } from '../../platform/cache/single-flight.ts'
import { GatewayError, unavailable } from '../../platform/errors/gateway-error.ts'
import type { Lease } from './refresh-lease.ts'
import { keep, type RefreshOnceParts, type RefreshOutcome, refreshOnce } from './refresh-once.ts'
import { isExpired, needsRefresh, type StoredSession } from './session.ts'

export interface RefreshParts extends RefreshOnceParts {
  lease: Lease
  /** Milliseconds; default 14 s, so that a request is answered within 15 s whatever happens (design section 3). */
  longest?: number
}

/** Gives the session with tokens that may be used, or `undefined` when it is over. */
export type RefreshSession = (session: StoredSession) => Promise<StoredSession | undefined>

const PATIENCE_MS = 2_000
const LONGEST_MS = 14_000
/** While the old token lives, a failed refresh is not tried again by every request. */
const REST_MS = 2_000
const MAX_RESTING = 10_000
const MAX_TURNS = 3

/**
 * Renews access tokens before they expire, one flight per session (design section 7). Only `invalid_grant`, asked twice,
 * ends a session; every other failure keeps it, and while the old token lives it goes on being used.
 * @throws GatewayError REFRESH_FAILED when the token has expired and the provider fails
 */
export function createRefreshSession(parts: RefreshParts): RefreshSession {
  const { clock, lease, longest = LONGEST_MS } = parts
  const flight = createSingleFlight<StoredSession | undefined>()
  const waitingRoom = createSingleFlight<StoredSession | undefined>()
  const failedAt = new Map<string, number>()

  async function takeTurns(id: string): Promise<StoredSession | undefined> {
    let outcome: RefreshOutcome | undefined
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const fresh = outcome !== undefined && 'fresh' in outcome ? outcome.fresh : undefined
      outcome = await lease.run(id, (hold) =>
        fresh === undefined ? refreshOnce(parts, id, hold) : keep(parts, fresh, hold),
      )
      if ('session' in outcome) return outcome.session
    }
    throw unavailable('REFRESH_FAILED', 'other instances took the lease again and again')
  }

  async function attempt(id: string): Promise<StoredSession | undefined> {
    try {
      const renewed = await takeTurns(id)
      failedAt.delete(id)
      return renewed
    } catch (error) {
      if (failedAt.size >= MAX_RESTING) failedAt.clear()
      failedAt.set(id, clock.now())
      throw error
    }
  }

  /** The flight goes on when nobody waits for it any more, so that what it brings is not lost. */
  function wait(id: string, running: Promise<StoredSession | undefined>, milliseconds: number) {
    running.catch(() => undefined)
    return failUnlessKnown(waitingRoom(id, () => inTime(running, milliseconds)))
  }

  return async function refreshSession(session) {
    const { id, tokens } = session
    if (!needsRefresh(tokens, clock.now())) return session
    if (tokens.refreshToken === null) return isExpired(tokens, clock.now()) ? endExpired(parts, session) : session
    const fly = () => flight(id, () => attempt(id))
    if (isExpired(tokens, clock.now())) return wait(id, fly(), longest)
    // The old token still works: a slow or failing provider must not hold anyone up.
    if (clock.now() - (failedAt.get(id) ?? Number.NEGATIVE_INFINITY) < REST_MS) return session
    const running = fly()
    const renewed = running.then((value) => ({ value }))
    const first = await Promise.race([renewed, parts.pause(PATIENCE_MS)]).catch(() => undefined)
    if (first !== undefined) return first.value
    // It may have expired while everyone waited.
    return isExpired(tokens, clock.now()) ? wait(id, running, longest - PATIENCE_MS) : session
  }
}

async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable('REFRESH_FAILED', 'the refresh takes too long')), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
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

async function endExpired({ endSession }: RefreshParts, session: StoredSession): Promise<undefined> {
  await endSession(session.id, 'token-expired')
  return undefined
}
