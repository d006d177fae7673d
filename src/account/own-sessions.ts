import { decodeJwt } from 'jose'
import type { Identity } from '../identity/identity.ts'
import type { EndReport, EndSessions } from '../identity/session/end-sessions.ts'
import type { KeycloakState, ListSessions, Page } from '../identity/session/list-sessions.ts'
import { publicSessionId, publicSsoSessionId } from '../identity/session/public-session-id.ts'
import type { SessionStore } from '../identity/session/session-store.ts'
import { type CurrentSession, isCurrent, type SessionView, toSessionView } from '../identity/session/session-view.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakSessions } from '../platform/keycloak/sessions/keycloak-sessions.ts'

export interface OwnSessionsParts {
  list: ListSessions
  end: EndSessions
  store: Pick<SessionStore, 'read' | 'find'>
  keycloak: KeycloakSessions | undefined
}

/** What a caller may do with their own sessions, and with nobody else's. */
export interface OwnSessions {
  list(caller: Identity, page: Page): Promise<{ sessions: SessionView[]; total: number; keycloak: KeycloakState }>
  /** All but the one the caller uses. */
  endOthers(caller: Identity): Promise<EndReport>
  /**
   * One, by its public id, the current one too. A foreign id is as unknown as one made up: only own ones are looked at.
   * @throws GatewayError SESSION_NOT_FOUND; KEYCLOAK_UNAVAILABLE where only Keycloak could tell
   */
  endOne(caller: Identity, publicId: string): Promise<EndReport & { current: boolean }>
}

const WHY = 'ended-by-owner'

export function createOwnSessions({ list, end, store, keycloak }: OwnSessionsParts): OwnSessions {
  const findAll = (owner: Parameters<SessionStore['find']>[0]) => store.find(owner, Number.POSITIVE_INFINITY)

  /** The signature of a bearer token has been checked by the time it is looked into. */
  async function currentOf(caller: Identity): Promise<CurrentSession> {
    if (caller.method === 'session') {
      const session = await store.read(caller.sessionId)
      return { sessionId: caller.sessionId, providerSessionId: session?.record.providerSessionId ?? undefined }
    }
    const { sid } = decodeJwt(caller.accessToken)
    return { providerSessionId: typeof sid === 'string' ? sid : undefined }
  }

  async function idsOfCurrent({ issuer }: Identity, current: CurrentSession): Promise<string[]> {
    if (current.sessionId !== undefined) return [current.sessionId]
    const { providerSessionId } = current
    return providerSessionId === undefined ? [] : findAll({ issuer, providerSessionId })
  }

  async function findHere({ issuer, id: subject }: Identity, publicId: string) {
    const id = (await findAll({ issuer, subject })).find((own) => publicSessionId(own) === publicId)
    const session = id === undefined ? undefined : await store.read(id)
    if (session === undefined) throw new GatewayError('SESSION_NOT_FOUND')
    return { ids: [session.id], sid: session.record.providerSessionId }
  }

  async function findAtKeycloak({ id: subject }: Identity, publicId: string) {
    const all = keycloak === undefined ? [] : await keycloak.ofUser(subject).catch(nothingOfStrangers)
    const sid = all.find((session) => publicSsoSessionId(session.sid) === publicId)?.sid
    if (sid === undefined) throw new GatewayError('SESSION_NOT_FOUND')
    return { ids: [], sid }
  }

  return {
    async list(caller, page) {
      const [current, found] = await Promise.all([currentOf(caller), list.ofPerson(caller.id, page)])
      const sessions = found.sessions.map((session) => toSessionView(session, current))
      return { sessions, total: found.total, keycloak: found.keycloak }
    },
    async endOthers(caller) {
      const current = await currentOf(caller)
      const [all, kept] = await Promise.all([
        findAll({ issuer: caller.issuer, subject: caller.id }),
        idsOfCurrent(caller, current),
      ])
      const ids = all.filter((id) => !kept.includes(id))
      return end({ ids, ssoOf: caller.id, keep: current.providerSessionId, why: WHY })
    },
    async endOne(caller, publicId) {
      const find = publicId.startsWith('sso-') ? findAtKeycloak : findHere
      const [current, { ids, sid }] = await Promise.all([currentOf(caller), find(caller, publicId)])
      const endsCurrent = isCurrent(ids[0], sid, current)
      const keep = endsCurrent ? undefined : current.providerSessionId
      const report = await end({ ids, sids: sid === null ? [] : [sid], keep, why: WHY })
      return { ...report, current: endsCurrent }
    },
  }
}

function nothingOfStrangers(error: unknown): [] {
  if (error instanceof GatewayError && error.code === 'USER_NOT_FOUND') return []
  throw error
}
