import type { SsoSession } from '../../platform/keycloak/sessions/keycloak-sessions.ts'
import type { KnownSession } from './list-sessions.ts'
import { publicSessionId, publicSsoSessionId } from './public-session-id.ts'

/** What a caller is using right now: a session of the gateway, or, with a bearer token, one of the provider. */
export interface CurrentSession {
  readonly sessionId?: string | undefined
  readonly providerSessionId?: string | undefined
}

/** A session as its owner sees it; times are ISO 8601 in UTC. */
export interface SessionView {
  id: string
  /** `keycloak`: not signed in here, only at Keycloak (for another application, or after the session here ended). */
  kind: 'gateway' | 'keycloak'
  current: boolean
  device: string | null
  address: string | null
  firstSeenAt: string
  lastSeenAt: string
  idleExpiresAt: string | null
  absoluteExpiresAt: string | null
  /** Keycloak's session under it; null when it has none any more or could not be asked. */
  keycloak: {
    startedAt: string
    lastSeenAt: string
    address: string | null
    clients: string[]
    offline: boolean
  } | null
}

/** Shows a session; neither its id nor the provider's can be had from what is shown. */
export function toSessionView({ here, sso }: KnownSession, current: CurrentSession): SessionView {
  const keycloak = toKeycloakView(sso)
  if (here === undefined) {
    const sid = sso[0]?.sid ?? ''
    return {
      id: publicSsoSessionId(sid),
      kind: 'keycloak',
      current: isCurrent(undefined, sid, current),
      device: null,
      address: keycloak?.address ?? null,
      firstSeenAt: keycloak?.startedAt ?? '',
      lastSeenAt: keycloak?.lastSeenAt ?? '',
      idleExpiresAt: null,
      absoluteExpiresAt: null,
      keycloak,
    }
  }
  const { id, record, idleExpiresAt, lastSeenAt } = here
  return {
    id: publicSessionId(id),
    kind: 'gateway',
    current: isCurrent(id, record.providerSessionId, current),
    device: record.device ?? null,
    address: record.address ?? null,
    firstSeenAt: iso(record.createdAt),
    lastSeenAt: iso(lastSeenAt),
    idleExpiresAt: iso(Math.min(idleExpiresAt, record.absoluteExpiresAt)),
    absoluteExpiresAt: iso(record.absoluteExpiresAt),
    keycloak,
  }
}

/** Whether this is the session that the caller uses; a bearer token belongs to all that rest on its provider session. */
export function isCurrent(id: string | undefined, sid: string | null, current: CurrentSession): boolean {
  if (current.sessionId !== undefined) return id === current.sessionId
  return current.providerSessionId !== undefined && sid === current.providerSessionId
}

function toKeycloakView(sso: readonly SsoSession[]): SessionView['keycloak'] {
  const [first] = sso
  if (first === undefined) return null
  return {
    startedAt: iso(Math.min(...sso.map(({ startedAt }) => startedAt))),
    lastSeenAt: iso(Math.max(...sso.map(({ lastSeenAt }) => lastSeenAt))),
    address: first.address,
    clients: [...new Set(sso.flatMap(({ clients }) => clients))],
    offline: sso.some(({ offline }) => offline),
  }
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString()
