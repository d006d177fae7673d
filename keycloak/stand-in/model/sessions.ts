import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** What one client has in a person's session: its scopes and the memory that detects reused refresh tokens. */
export type ClientSession = {
  clientId: string
  scope: string | undefined
  acr: string
  authTime: number
  started: number
  /** By `reuse_id`: the newest token that was used, how often, and when. */
  uses: Map<string, { tokenId: string; count: number; lastRefresh: number }>
}

/** A person signed in, in one browser: Keycloak's user session. Times are seconds. */
export type SsoSession = {
  sid: string
  userId: string
  ipAddress: string
  started: number
  lastAccess: number
  authTime: number
  clients: Map<string, ClientSession>
}

/** Limits of a session, in seconds. `idle` of Infinity never ends. */
export type SessionLimits = { idle: number; max: number }

export type Sessions = {
  /** The live session of this id; one that outlived a limit is gone. */
  find(sid: string | undefined): SsoSession | undefined
  /** The second at which the session ends if nobody uses it again. */
  endsAt(session: SsoSession): number
  /** The second at which it ends in any case. */
  endsForGoodAt(session: SsoSession): number
  open(details: { sid: string; userId: string; ipAddress: string }): SsoSession
  /** Puts a copy beside the others that outlives their limits, for offline tokens. */
  openOffline(session: SsoSession, client: ClientSession): SsoSession
  findOffline(sid: string | undefined): SsoSession | undefined
  end(sid: string): void
  endOffline(sid: string): void
  /** The live sessions of a person, oldest first. */
  ofUser(userId: string): SsoSession[]
  offlineOfUser(userId: string): SsoSession[]
  all(): SsoSession[]
}

/** A fresh session id: 24 characters of base64url, as Keycloak writes them. */
export const newSid = () => randomBytes(18).toString('base64url')

/** Holds the sessions of a realm. They outlive a restart of the listener, as Keycloak's outlive its own. */
export function createSessions(clock: Clock, limits: () => SessionLimits): Sessions {
  const online = new Map<string, SsoSession>()
  const offline = new Map<string, SsoSession>()
  const endsForGoodAt = (session: SsoSession) => session.started + limits().max
  const endsAt = (session: SsoSession) => Math.min(session.lastAccess + limits().idle, endsForGoodAt(session))

  function find(sid: string | undefined) {
    const session = sid === undefined ? undefined : online.get(sid)
    if (!session || clock.seconds() < endsAt(session)) return session
    online.delete(session.sid)
    return undefined
  }

  return {
    find,
    endsAt,
    endsForGoodAt,
    open({ sid, userId, ipAddress }) {
      const now = clock.seconds()
      const session = { sid, userId, ipAddress, started: now, lastAccess: now, authTime: now, clients: new Map() }
      online.set(sid, session)
      return session
    },
    openOffline(session, client) {
      const copy = offline.get(session.sid) ?? { ...session, clients: new Map<string, ClientSession>() }
      copy.clients.set(client.clientId, { ...client, uses: new Map() })
      offline.set(copy.sid, copy)
      return copy
    },
    findOffline: (sid) => (sid === undefined ? undefined : offline.get(sid)),
    end: (sid) => void online.delete(sid),
    endOffline: (sid) => void offline.delete(sid),
    ofUser: (userId) => [...online.values()].filter((one) => one.userId === userId && find(one.sid)),
    offlineOfUser: (userId) => [...offline.values()].filter((one) => one.userId === userId),
    all: () => [...online.values()].filter((one) => find(one.sid)),
  }
}
