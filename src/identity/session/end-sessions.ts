import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { KeycloakSessions } from '../../platform/keycloak/sessions/keycloak-sessions.ts'
import type { Log } from '../../platform/observability/log.ts'
import type { EndSession } from './end-session.ts'
import { whyKeycloakFailed } from './list-sessions.ts'
import type { StoredSession } from './session.ts'
import type { SessionStore } from './session-store.ts'

/**
 * What became of the single sign-on at Keycloak: `ended`; `none` was there; `kept`, because the caller's own session rests
 * on it; or it may live on, because Keycloak is `unavailable`, has `refused`, or its administration is `not-configured`.
 */
export type SsoOutcome = 'ended' | 'none' | 'kept' | 'unavailable' | 'refused' | 'not-configured'

export interface EndReport {
  /** Sessions of the gateway that ended. */
  readonly ended: number
  readonly keycloak: SsoOutcome
}

export interface EndSessionsParts {
  store: Pick<SessionStore, 'read' | 'find'>
  endSession: EndSession
  keycloak: KeycloakSessions | undefined
  /** Makes a refresh token worthless (RFC 7009); never throws. */
  revoke: (token: string) => Promise<void>
  issuer: string
  log: Log
}

export interface WhatToEnd {
  ids: readonly string[]
  /** Provider sessions besides those the named ones rest on. */
  sids?: readonly string[]
  /** Everything this person has at Keycloak as well. */
  ssoOf?: string | undefined
  /** This provider session goes on, whatever rests on it. */
  keep?: string | undefined
  why: string
}

/**
 * Ends sessions here first, on every instance, whatever Keycloak does; then their single sign-on, or the browser would be
 * let in again without a password; then what somebody opened in between by that single sign-on.
 * @throws GatewayError SESSION_STORE_UNAVAILABLE
 */
export type EndSessions = (what: WhatToEnd) => Promise<EndReport>

const AT_ONCE = 20

export function createEndSessions(parts: EndSessionsParts): EndSessions {
  const { store, endSession, keycloak, revoke, issuer, log } = parts

  async function endSso(named: readonly string[], keep: string | undefined, ssoOf: string | undefined) {
    const isOver = (sid: string) => sid !== keep
    if (named.length > 0 && !named.some(isOver) && ssoOf === undefined) return { outcome: 'kept', sids: [] } as const
    if (keycloak === undefined) return { outcome: 'not-configured', sids: [] } as const
    try {
      const all = [...new Set([...named, ...(ssoOf === undefined ? [] : await sidsOf(keycloak, ssoOf))])]
      const sids = all.filter(isOver)
      if (sids.length === 0) return { outcome: all.length > 0 ? 'kept' : 'none', sids } as const
      // After a failure no further ones are tried: what is away stays away for a while.
      const ended = await inTurns(sids, (sid) => keycloak.end(sid))
      return { outcome: ended.includes(true) ? 'ended' : 'none', sids } as const
    } catch (error) {
      return { outcome: whyKeycloakFailed(error, log), sids: [] } as const
    }
  }

  /** With its refresh token a single sign-on ends too, at least where no other client takes part in it. */
  async function revokeTokens(sessions: readonly StoredSession[], keep: string | undefined): Promise<void> {
    const over = sessions.filter(({ record }) => keep === undefined || record.providerSessionId !== keep)
    await inTurns(over, async ({ tokens }) => {
      if (tokens.refreshToken !== null) await revoke(tokens.refreshToken)
    })
  }

  return async function endSessions({ ids, sids = [], ssoOf, keep, why }) {
    const found = await inTurns(ids, (id) => store.read(id))
    const sessions = found.filter((session) => session !== undefined)
    await inTurns(ids, (id) => endSession(id, why))
    const theirs = sessions.map(({ record }) => record.providerSessionId).filter((sid) => sid !== null)
    const sso = await endSso([...sids, ...theirs], keep, ssoOf)
    if (sso.outcome === 'refused' || sso.outcome === 'not-configured') await revokeTokens(sessions, keep)
    const opened = await inTurns(sso.sids, (providerSessionId) =>
      store.find({ issuer, providerSessionId }, Number.POSITIVE_INFINITY),
    )
    const known = new Set(ids)
    await inTurns(
      opened.flat().filter((id) => !known.has(id)),
      (id) => endSession(id, why),
    )
    return { ended: sessions.length, keycloak: sso.outcome }
  }
}

/** A person whom Keycloak does not know any more has nothing left there. */
async function sidsOf(keycloak: KeycloakSessions, userId: string): Promise<string[]> {
  try {
    return (await keycloak.ofUser(userId)).map(({ sid }) => sid)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'USER_NOT_FOUND') return []
    throw error
  }
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))))
  return results
}
