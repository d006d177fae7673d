import type { Identity } from '../../identity/identity.ts'
import type { Clock } from '../../platform/clock.ts'
import { type CredentialLife, type CredentialLifeParts, createCredentialLife } from './credential-life.ts'

/** The credential is over; nobody could say for too long whether it is; the gateway stops. */
export type WhyEnded = 'over' | 'unconfirmed' | 'stopping'

/** Something that may outlive the moment in which its caller was judged: a WebSocket, an event stream, a long answer. */
export interface LiveExchange {
  /** Undefined where nobody had to be known. */
  readonly identity: Identity | undefined
  end(why: WhyEnded): void
}

export interface LiveExchanges {
  /** Watches an exchange until the returned function is called. The first one of a credential asks about it at once. */
  hold(exchange: LiveExchange): () => void
  /** News: this session is over. */
  sessionEnded(sessionId: string): void
  /** News may have been missed: everyone is asked about again. */
  suspectAll(): void
  /** How many are held. */
  size(): number
  /** Ends everything that does not end by itself. */
  stop(): void
}

export interface LiveExchangesParts extends Omit<CredentialLifeParts, 'identity'> {
  clock: Clock
}

const TICK_MS = 250
/** Questions to the store that are under way at the same time. */
const AT_ONCE = 100

interface Holder extends CredentialLife {
  exchanges: Set<LiveExchange>
}

/**
 * Ties whatever lasts to the life of the credential that opened it. News of ended sessions end it at once; what no news tell
 * (expiry, missed news, tokens that were taken back) is found by looking four times a second.
 */
export function createLiveExchanges(parts: LiveExchangesParts): LiveExchanges {
  const holders = new Map<string, Holder>()
  const anonymous = new Set<LiveExchange>()
  let timer: NodeJS.Timeout | undefined
  let asking = 0

  function look(): void {
    const now = parts.clock.now()
    for (const [key, holder] of holders) {
      if (holder.isOver(now)) endAll(key, 'over')
      else if (holder.isLost()) endAll(key, 'unconfirmed')
      else if (asking < AT_ONCE && holder.mustAsk(now)) {
        asking++
        void holder.ask().finally(() => {
          asking--
        })
      }
    }
  }

  function endAll(key: string, why: WhyEnded): void {
    const holder = holders.get(key)
    if (holder === undefined) return
    holders.delete(key)
    rest()
    for (const exchange of holder.exchanges) exchange.end(why)
  }

  function rest(): void {
    if (holders.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  function holderOf(key: string, identity: Identity): Holder {
    const known = holders.get(key)
    if (known !== undefined) return known
    const fresh = { ...createCredentialLife({ ...parts, identity }), exchanges: new Set<LiveExchange>() }
    holders.set(key, fresh)
    // Its end may have been told while its caller was on the way here.
    void fresh.ask()
    timer ??= setInterval(look, TICK_MS).unref()
    return fresh
  }

  return {
    hold(exchange) {
      const { identity } = exchange
      if (identity === undefined) {
        anonymous.add(exchange)
        return () => void anonymous.delete(exchange)
      }
      const key = keyOf(identity)
      const holder = holderOf(key, identity)
      holder.exchanges.add(exchange)
      return function release() {
        holder.exchanges.delete(exchange)
        if (holder.exchanges.size > 0 || holders.get(key) !== holder) return
        holders.delete(key)
        rest()
      }
    },
    sessionEnded: (sessionId) => endAll(`session ${sessionId}`, 'over'),
    suspectAll() {
      for (const holder of holders.values()) holder.suspect()
    },
    size: () => [...holders.values()].reduce((sum, { exchanges }) => sum + exchanges.size, anonymous.size),
    stop() {
      const all = [...anonymous, ...[...holders.values()].flatMap(({ exchanges }) => [...exchanges])]
      for (const exchange of all) exchange.end('stopping')
    },
  }
}

function keyOf(identity: Identity): string {
  return identity.method === 'session' ? `session ${identity.sessionId}` : `bearer ${identity.accessToken}`
}
