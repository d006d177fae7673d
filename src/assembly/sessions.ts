import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { createEndSession, type EndSession } from '../identity/session/end-session.ts'
import { createMemorySessionStore } from '../identity/session/memory-session-store.ts'
import { createRedisRefreshLease } from '../identity/session/redis-refresh-lease.ts'
import { createRedisSessionStore } from '../identity/session/redis-session-store.ts'
import { createLocalRefreshLease, type Lease } from '../identity/session/refresh-lease.ts'
import { createRefreshSession } from '../identity/session/refresh-session.ts'
import {
  createSessionAuthenticator,
  type RememberedSession,
  type SessionAuthenticator,
} from '../identity/session/session-authenticator.ts'
import { createSessionCookie, type SessionCookie } from '../identity/session/session-cookie.ts'
import type { SessionStore } from '../identity/session/session-store.ts'
import type { LoginTransactions } from '../login/login-transaction.ts'
import type { LogoutMarks } from '../login/logout-marks.ts'
import { createMemoryLoginTransactions } from '../login/memory-login-transactions.ts'
import { createMemoryLogoutMarks } from '../login/memory-logout-marks.ts'
import { createRedisLoginTransactions } from '../login/redis-login-transactions.ts'
import { createRedisLogoutMarks } from '../login/redis-logout-marks.ts'
import type { Config } from '../platform/config/config.ts'
import { createSealer } from '../platform/sealing/sealer.ts'
import type { CutOffs } from '../revocation/cut-offs.ts'
import { createRevalidateSession, type RevalidateSessionParts } from '../revocation/revalidate-session.ts'
import type { Caches } from './caches.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

export interface Sessions {
  store: SessionStore
  lease: Lease
  cookie: SessionCookie
  authenticator: SessionAuthenticator
  endSession: EndSession
  /** The listener is called whenever a session is over, wherever it was ended. */
  onOver(listener: (id: string) => void): void
  transactions: LoginTransactions
  marks: LogoutMarks
}

/** Sessions in Redis, or in this process where no Redis is configured. */
export function assembleSessions(
  config: Config,
  foundation: Foundation,
  caches: Caches,
  provider: Provider,
  revalidation: Pick<RevalidateSessionParts, 'withoutEvents'> & { cutOffs: CutOffs },
  onForged: (req: IncomingMessage) => void,
): Sessions {
  const { clock, log, metrics, redis, bus } = foundation
  const { idleTimeout, secrets, encryptionKeys } = config.session
  const sealer = createSealer(encryptionKeys)
  const store =
    redis === undefined
      ? createMemorySessionStore({ clock, idleTimeout })
      : createRedisSessionStore({ redis, sealer, clock, idleTimeout })
  const remembered = caches.make<RememberedSession | 'over'>('identity', config.caches.identity, {
    showKey: (id) => `${id.slice(0, 4)}…`,
  })
  const cookie = createSessionCookie({ publicUrl: config.server.publicUrl, secrets })
  const overListeners: ((id: string) => void)[] = []
  const endSession = createEndSession({
    ...{ store, remembered, bus },
    onEnded: metrics.sessionEnded,
    onOver(id) {
      for (const listener of overListeners) listener(id)
    },
  })
  const lease =
    redis === undefined ? createLocalRefreshLease() : createRedisRefreshLease({ redis, pause, now: clock.now })
  const refreshSession = createRefreshSession({
    store,
    relyingParty: provider.relyingParty,
    lease,
    clock,
    log,
    pause,
    onRefreshed: metrics.tokensRefreshed,
    endSession,
  })
  // What was remembered may have been issued before.
  revalidation.cutOffs.onRaised(() => remembered.clear())
  const authenticator = createSessionAuthenticator({
    cookie,
    store,
    remembered,
    mayRemember: () => bus === undefined || bus.isListening(),
    refreshSession: createRevalidateSession({
      ...revalidation,
      store,
      lease,
      endSession,
      refreshSession,
      clock,
      pause,
    }),
    clock,
    log,
    idleTimeout,
    onForged,
  })
  const transactions =
    redis === undefined ? createMemoryLoginTransactions(clock) : createRedisLoginTransactions(redis, sealer)
  const marks: LogoutMarks =
    redis === undefined ? createMemoryLogoutMarks(clock) : createRedisLogoutMarks(redis, config.provider.issuer)
  const onOver = (listener: (id: string) => void) => void overListeners.push(listener)
  // Afterwards, so that whoever asks the provider from now on sees the mark.
  const mark: LogoutMarks['mark'] = (target, moment) =>
    marks
      .mark(target, moment)
      .then(caches.forgetIntrospections)
      .then(() => undefined)
  return { store, lease, cookie, authenticator, endSession, onOver, transactions, marks: { ...marks, mark } }
}
