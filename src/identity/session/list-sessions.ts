import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { KeycloakSessions, SsoSession } from '../../platform/keycloak/sessions/keycloak-sessions.ts'
import type { Log } from '../../platform/observability/log.ts'
import type { SeenSession } from './session.ts'
import type { SessionOwner, SessionStore } from './session-store.ts'

/** A session as it is known here, at the provider, or at both. */
export interface KnownSession {
  readonly here: SeenSession | undefined
  /** The provider's session it rests on, if it could be asked and still has it; online and offline ones share an id. */
  readonly sso: readonly SsoSession[]
}

/**
 * Whether Keycloak could be asked: `not-configured` without its administration, `refused` when the service account lacks the
 * roles, `not-asked` where it could not tell.
 */
export type KeycloakState = 'available' | 'unavailable' | 'refused' | 'not-configured' | 'not-asked'

export interface SessionList {
  readonly sessions: readonly KnownSession[]
  readonly total: number
  readonly keycloak: KeycloakState
  /** False only when Keycloak has said that there is no such person. */
  readonly isKnownPerson: boolean
}

export interface ListSessionsParts {
  store: Pick<SessionStore, 'list'>
  keycloak: KeycloakSessions | undefined
  issuer: string
  log: Log
}

export type Page = { first: number; max: number }

export interface ListSessions {
  /** All sessions of a person: those of the gateway, the latest sign-in first, then those that only Keycloak knows. */
  ofPerson(subject: string, page: Page): Promise<SessionList>
  /** Those that rest on one session of the provider. */
  ofProviderSession(sid: string, page: Page): Promise<SessionList>
  /** Those of a tenant; Keycloak is not asked about so many people. */
  ofTenant(tenant: string, page: Page): Promise<SessionList>
}

/** The latest sessions of one person; older ones are not shown, though ending all of them ends these too. */
const MOST_OF_A_PERSON = 500

/** Joins the gateway's sessions with Keycloak's by `sid`. A Keycloak that is away is never an error here. */
export function createListSessions({ store, keycloak, issuer, log }: ListSessionsParts): ListSessions {
  async function askKeycloak(subject: string) {
    const nothing = { sso: [], isKnownPerson: true }
    if (keycloak === undefined) return { ...nothing, state: 'not-configured' as const }
    try {
      return { sso: await keycloak.ofUser(subject), isKnownPerson: true, state: 'available' as const }
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'USER_NOT_FOUND')
        return { sso: [], isKnownPerson: false, state: 'available' as const }
      return { ...nothing, state: whyKeycloakFailed(error, log) }
    }
  }

  async function joined(owner: SessionOwner, subject: string, wanted: (sid: string) => boolean, page: Page) {
    const [{ sessions: here }, { sso, isKnownPerson, state }] = await Promise.all([
      store.list(owner, { first: 0, max: MOST_OF_A_PERSON }),
      askKeycloak(subject),
    ])
    const all = join(
      here,
      sso.filter(({ sid }) => wanted(sid)),
    )
    const sessions = all.slice(page.first, page.first + page.max)
    return { sessions, total: all.length, keycloak: state, isKnownPerson }
  }

  return {
    ofPerson: (subject, page) => joined({ issuer, subject }, subject, () => true, page),
    async ofProviderSession(sid, page) {
      const owner = { issuer, providerSessionId: sid }
      const [first] = (await store.list(owner, { first: 0, max: 1 })).sessions
      // Keycloak tells of sessions by person only; one that it alone knows cannot be found by its id.
      if (first === undefined) return { sessions: [], total: 0, keycloak: 'not-asked', isKnownPerson: true }
      return joined(owner, first.record.caller.id, (other) => other === sid, page)
    },
    async ofTenant(tenant, page) {
      const { sessions, total } = await store.list({ issuer, tenant }, page)
      return {
        sessions: sessions.map((here) => ({ here, sso: [] })),
        total,
        keycloak: 'not-asked',
        isKnownPerson: true,
      }
    },
  }
}

/** Sorts a failure of Keycloak and tells the operator of it. */
export function whyKeycloakFailed(error: unknown, log: Log): 'unavailable' | 'refused' {
  const refused = error instanceof GatewayError && error.code === 'KEYCLOAK_REFUSED'
  log[refused ? 'error' : 'warn']('Keycloak could not be asked about sessions', { error })
  return refused ? 'refused' : 'unavailable'
}

function join(here: readonly SeenSession[], sso: readonly SsoSession[]): KnownSession[] {
  const bySid = Map.groupBy(sso, ({ sid }) => sid)
  const ours = new Set(here.map(({ record }) => record.providerSessionId))
  const both = here.map((session) => ({ here: session, sso: bySid.get(session.record.providerSessionId ?? '') ?? [] }))
  const elsewhere = [...bySid].filter(([sid]) => !ours.has(sid)).map(([, list]) => ({ here: undefined, sso: list }))
  return [...both, ...elsewhere.sort((a, b) => lastSeen(b.sso) - lastSeen(a.sso))]
}

const lastSeen = (sso: readonly SsoSession[]) => Math.max(...sso.map(({ lastSeenAt }) => lastSeenAt))
