import { decodeJwt } from 'jose'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { Standing } from '../proxy/live/credential-life.ts'
import { createLiveExchanges, type LiveExchanges } from '../proxy/live/live-exchanges.ts'
import type { CutOffs } from '../revocation/cut-offs.ts'
import type { Bearer } from './bearer.ts'
import type { Foundation } from './foundation.ts'
import type { Sessions } from './sessions.ts'

/** How long a WebSocket or stream goes on while the session store or the denylist is away. */
const PATIENCE_MS = 30_000

/** What ties WebSockets and long answers to sessions and tokens. */
export function assembleLive(
  { clock, bus }: Foundation,
  sessions: Sessions,
  { authenticator }: Bearer,
  cutOffs: Pick<CutOffs, 'endedUntil'>,
): LiveExchanges {
  async function sessionStanding(id: string): Promise<Standing | undefined> {
    const session = await sessions.store.read(id)
    if (session === undefined) return undefined
    const { idleExpiresAt, record } = session
    return { until: idleExpiresAt, atLatest: record.absoluteExpiresAt, issuedAt: record.issuedAt }
  }

  async function bearerStanding(token: string): Promise<Standing | undefined> {
    try {
      await authenticator.confirm(token)
    } catch (error) {
      if (error instanceof GatewayError && error.status === 401) return undefined
      throw error
    }
    const { exp = 0, iat = 0 } = decodeJwt(token)
    // One that was let in by the leeway alone ends with the leeway.
    const until = exp * 1000 > clock.now() ? exp * 1000 : Number.POSITIVE_INFINITY
    return { until, atLatest: until, issuedAt: iat * 1000 }
  }

  const live = createLiveExchanges({
    clock,
    confirm: (identity) =>
      identity.method === 'session' ? sessionStanding(identity.sessionId) : bearerStanding(identity.accessToken),
    isCutOff: (subject, issuedAt) => issuedAt <= cutOffs.endedUntil(subject),
    newsArrive: () => bus === undefined || bus.isListening(),
    patienceMs: PATIENCE_MS,
  })
  sessions.onOver(live.sessionEnded)
  bus?.onReconnect(live.suspectAll)
  return live
}
