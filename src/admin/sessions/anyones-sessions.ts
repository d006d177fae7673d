import type { Identity } from '../../identity/identity.ts'
import type { EndReport, EndSessions, WhatToEnd } from '../../identity/session/end-sessions.ts'
import type { KeycloakState, KnownSession, ListSessions, Page } from '../../identity/session/list-sessions.ts'
import type { SessionStore } from '../../identity/session/session-store.ts'
import { type CurrentSession, type SessionView, toSessionView } from '../../identity/session/session-view.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { Log } from '../../platform/observability/log.ts'
import type { MayEndSessions } from './may-end-sessions.ts'

/** A session as an administrator sees it. */
interface AdminSessionView extends SessionView {
  user: { id: string; username: string | null } | null
  tenant: string | null
  /** The provider's id of the session it rests on, which `?sid=` takes. */
  sid: string | null
}

interface SessionPage extends Page {
  sessions: AdminSessionView[]
  total: number
  keycloak: KeycloakState
}

/** All that share a session of the provider, or all of a tenant; one of the two. */
export interface SessionFilter {
  sid?: string | undefined
  tenant?: string | undefined
}

/**
 * What an administrator may do with the sessions of others; each ending is logged with who did it, and throws
 * INSUFFICIENT_PERMISSIONS where the rules of administration are against it.
 */
export interface AnyonesSessions {
  /** @throws GatewayError USER_NOT_FOUND */
  listOfUser(userId: string, page: Page, by: Identity): Promise<SessionPage>
  list(filter: SessionFilter, page: Page, by: Identity): Promise<SessionPage>
  /** Everything of a person, here and at Keycloak. @throws GatewayError USER_NOT_FOUND */
  endOfUser(userId: string, by: Identity): Promise<EndReport>
  /** Of a tenant, or of nobody that is known: for full administrators, because so many cannot be judged one by one. */
  endAll(filter: SessionFilter, by: Identity): Promise<EndReport>
  /** @throws GatewayError SESSION_NOT_FOUND */
  endOne(publicId: string, by: Identity): Promise<EndReport>
}

export interface AnyonesSessionsParts {
  list: ListSessions
  end: EndSessions
  mayEnd: MayEndSessions
  store: Pick<SessionStore, 'read' | 'find' | 'findPublic'>
  issuer: string
  log: Log
}

const ONE = { first: 0, max: 1 }

export function createAnyonesSessions(parts: AnyonesSessionsParts): AnyonesSessions {
  const { list, end, mayEnd, store, issuer, log } = parts
  async function endAndTell(what: Omit<WhatToEnd, 'why'>, by: Identity, meant: object): Promise<EndReport> {
    const report = await end({ ...what, why: 'ended-by-administrator' })
    log.info('an administrator ended sessions', { by: by.id, ...meant, ...report })
    return report
  }

  const findAll = (owner: Omit<Parameters<SessionStore['find']>[0], 'issuer'>) =>
    store.find({ issuer, ...owner }, Number.POSITIVE_INFINITY)

  async function ownersOf(ids: readonly string[]): Promise<string[]> {
    const sessions = await Promise.all(ids.map((id) => store.read(id)))
    return [...new Set(sessions.flatMap((session) => (session === undefined ? [] : [session.record.caller.id])))]
  }

  return {
    async listOfUser(userId, page, by) {
      const { isKnownPerson, ...found } = await list.ofPerson(userId, page)
      if (!isKnownPerson && found.total === 0) throw new GatewayError('USER_NOT_FOUND')
      const current = currentOf(by)
      return { ...found, sessions: found.sessions.map((session) => toAdminView(session, current, userId)), ...page }
    },
    async list({ sid, tenant }, page, by) {
      const { sessions, total, keycloak } =
        sid === undefined ? await list.ofTenant(tenant ?? '', page) : await list.ofProviderSession(sid, page)
      return { sessions: sessions.map((session) => toAdminView(session, currentOf(by))), total, keycloak, ...page }
    },
    async endOfUser(userId, by) {
      await mayEnd(by, userId)
      const ids = await findAll({ subject: userId })
      if (ids.length === 0) {
        const { isKnownPerson } = await list.ofPerson(userId, ONE)
        if (!isKnownPerson) throw new GatewayError('USER_NOT_FOUND')
      }
      return endAndTell({ ids, ssoOf: userId }, by, { user: userId })
    },
    async endAll({ sid, tenant }, by) {
      const ids = await findAll(sid === undefined ? { tenant: tenant ?? '' } : { providerSessionId: sid })
      const owners = sid === undefined ? [] : await ownersOf(ids)
      for (const owner of owners.length === 0 ? ['anybody'] : owners) await mayEnd(by, owner)
      return endAndTell({ ids, sids: sid === undefined ? [] : [sid] }, by, tenant === undefined ? {} : { tenant })
    },
    async endOne(publicId, by) {
      const id = await store.findPublic(publicId)
      const session = id === undefined ? undefined : await store.read(id)
      if (session === undefined) throw new GatewayError('SESSION_NOT_FOUND')
      await mayEnd(by, session.record.caller.id)
      return endAndTell({ ids: [session.id] }, by, { user: session.record.caller.id })
    },
  }
}

function currentOf(by: Identity): CurrentSession {
  return by.method === 'session' ? { sessionId: by.sessionId } : {}
}

function toAdminView(known: KnownSession, current: CurrentSession, userId?: string): AdminSessionView {
  const { here, sso } = known
  const id = here?.record.caller.id ?? userId
  return {
    ...toSessionView(known, current),
    user: id === undefined ? null : { id, username: here?.record.caller.username ?? null },
    tenant: here?.record.tenant ?? null,
    sid: here === undefined ? (sso[0]?.sid ?? null) : here.record.providerSessionId,
  }
}
