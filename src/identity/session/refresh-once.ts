import type { Clock } from '../../platform/clock.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { Log } from '../../platform/observability/log.ts'
import type { RelyingParty, TokenSet } from '../../platform/oidc/relying-party.ts'
import type { Hold } from './refresh-lease.ts'
import { needsRefresh, type SessionRecord, type SessionTokens, type StoredSession } from './session.ts'
import type { SessionStore } from './session-store.ts'
import { refreshedRecord, toSessionTokens } from './session-tokens.ts'

export interface RefreshOnceParts {
  store: SessionStore
  relyingParty: Pick<RelyingParty, 'refresh' | 'revoke'>
  clock: Clock
  log: Log
  pause: (milliseconds: number) => Promise<void>
  /** `ok`, `failed`, `refused` (the gateway itself), `over`, `untrusted`, `discarded` or `overtaken`. */
  onRefreshed: (outcome: string) => void
  /** Ends a session here and tells the other instances. */
  endSession: (id: string, why: string) => Promise<void>
}

/** What the provider gave and the store does not have yet. */
export interface Fresh {
  readonly before: StoredSession
  readonly tokens: SessionTokens
  readonly record: SessionRecord
}

/** The session as it is now, or that another instance took the lease meanwhile: then wait for it and look again. */
export type RefreshOutcome = { session: StoredSession | undefined } | { overtaken: true; fresh?: Fresh }

const SECOND_TRY_MS = 150
const WRITE_PATIENCE_MS = 8_000
const WRITE_AGAIN_MS = 250

/** Spends the refresh token of a session once, under a lease. @throws GatewayError when the provider or the store fails */
export async function refreshOnce(parts: RefreshOnceParts, id: string, hold: Hold): Promise<RefreshOutcome> {
  const { store, clock, pause, onRefreshed } = parts
  // Someone else may have finished while this flight was waiting.
  const before = await store.read(id)
  if (before === undefined || !needsRefresh(before.tokens, clock.now())) return { session: before }
  let answer = await spend(parts, before)
  if (answer === 'over') {
    await pause(SECOND_TRY_MS)
    const again = await store.read(id)
    if (again === undefined || again.tokens.version !== before.tokens.version) return { session: again }
    answer = await spend(parts, again)
  }
  if (answer === 'over' || answer === 'untrusted') {
    // The one that holds the lease now may have spent the token and be about to write what it got.
    if (answer === 'over' && !(await hold.isMine())) return { overtaken: true }
    onRefreshed(answer)
    await parts.endSession(id, answer === 'over' ? 'grant-over' : 'untrusted-refresh')
    return { session: undefined }
  }
  const tokens = toSessionTokens(answer, clock.now(), before.tokens)
  return keep(parts, { before, tokens, record: refreshedRecord(before.record, answer) }, hold)
}

/** Writes what the provider gave, if nobody was quicker and the session still lives. */
export async function keep(parts: RefreshOnceParts, fresh: Fresh, hold: Hold): Promise<RefreshOutcome> {
  const { store, relyingParty, onRefreshed } = parts
  const { before, tokens, record } = fresh
  if (await write(parts, fresh, hold)) {
    onRefreshed('ok')
    return { session: { ...before, tokens, record } }
  }
  const now = await store.read(before.id)
  if (now !== undefined && now.tokens.version === before.tokens.version) {
    onRefreshed('overtaken')
    return { overtaken: true, fresh }
  }
  // Logged out, or overtaken, while the provider answered: what it gave must not live on. To revoke it although the
  // session lives would end the session at Keycloak.
  onRefreshed('discarded')
  if (now === undefined && tokens.refreshToken !== null) await relyingParty.revoke(tokens.refreshToken)
  return { session: now }
}

/** The old token is spent, so a store that is away for a moment must not cost the new ones. */
async function write(
  { store, clock, pause }: RefreshOnceParts,
  { before, tokens, record }: Fresh,
  { fence }: Hold,
): Promise<boolean> {
  const end = clock.now() + WRITE_PATIENCE_MS
  for (;;) {
    try {
      return await store.replaceTokens(before.id, tokens, record, fence)
    } catch (error) {
      if (clock.now() >= end) throw error
      await pause(WRITE_AGAIN_MS)
    }
  }
}

async function spend(
  { relyingParty, onRefreshed, log }: RefreshOnceParts,
  session: StoredSession,
): Promise<TokenSet | 'over' | 'untrusted'> {
  try {
    return await relyingParty.refresh(session.tokens.refreshToken ?? '', session.record.caller.id)
  } catch (error) {
    // Refused itself, the gateway is set up wrongly, and somebody has to look; everything else mends itself.
    const refused = error instanceof GatewayError && error.code === 'KEYCLOAK_REFUSED'
    onRefreshed(refused ? 'refused' : 'failed')
    if (refused)
      log.error('no session can be renewed: the provider refuses the gateway; see its client id and secret', { error })
    else log.warn('a session could not be renewed; it lives on', { error })
    throw error
  }
}
