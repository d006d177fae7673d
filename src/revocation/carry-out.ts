import type { EndSession } from '../identity/session/end-session.ts'
import type { SessionOwner, SessionStore } from '../identity/session/session-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { KeycloakEvents } from '../platform/keycloak/events/keycloak-events.ts'
import type { CutOffs } from './cut-offs.ts'
import type { EndReason, Verdict } from './verdict.ts'

export interface CarryOutParts {
  cutOffs: Pick<CutOffs, 'raise'>
  store: Pick<SessionStore, 'find' | 'read'>
  endSession: EndSession
  events: Pick<KeycloakEvents, 'standing' | 'realmNotBefore'>
  /** Remembers that a provider session is over, for a login in flight. */
  markEnded: (providerSessionId: string, moment: { issuedAt: number; receivedAt: number }) => Promise<void>
  /** Takes a refresh token back at the provider, as far as that is possible. */
  revoke: (refreshToken: string) => Promise<void>
  issuer: string
  clock: Clock
}

/** Does what a verdict says; doing it again does no harm. @throws GatewayError when it could not be done */
export type CarryOut = (verdict: Verdict) => Promise<void>

/** A password that was set this long before the account's change was noted, or later, belongs to it. Milliseconds. */
const SAME_ACT_MS = 2_000

export function createCarryOut(parts: CarryOutParts): CarryOut {
  const { cutOffs, events, markEnded, clock } = parts

  async function endPerson(subject: string, at: number, why: EndReason): Promise<void> {
    if (why === 'password-reset') await forgetSignIns(parts, subject, at)
    // First the cut-off, then the search: a login that is just being written is either found or cut off at its first use.
    await cutOffs.raise({ kind: 'end', subject, at })
    await endSessions(parts, { subject }, at, why)
  }

  async function lookAtPerson(subject: string, since: number, at: number): Promise<void> {
    const standing = await events.standing(subject)
    if (standing === undefined) return endPerson(subject, at, 'deleted')
    if (!standing.enabled) return endPerson(subject, at, 'disabled')
    const { notBefore, passwordSetAt } = standing
    if (notBefore > 0) await endPerson(subject, lastBefore(notBefore), 'not-before')
    if (passwordSetAt !== null && passwordSetAt > since - SAME_ACT_MS)
      return endPerson(subject, passwordSetAt, 'password-reset')
    await cutOffs.raise({ kind: 'renew', subject, at })
  }

  return async function carryOut(verdict) {
    const { at } = verdict
    switch (verdict.do) {
      case 'end-person':
        return endPerson(verdict.subject, at, verdict.why)
      case 'look-at-person':
        return lookAtPerson(verdict.subject, verdict.since, at)
      case 'renew-person':
        return void (await cutOffs.raise({ kind: 'renew', subject: verdict.subject, at }))
      case 'end-session': {
        const { providerSessionId } = verdict
        await markEnded(providerSessionId, { issuedAt: at, receivedAt: clock.now() })
        return endSessions(parts, { providerSessionId }, at, 'signed-out')
      }
      // Everybody's sessions end when they are used next: to look for them all would keep Redis busy for nothing.
      case 'end-everyone':
        return void (await cutOffs.raise({ kind: 'end', subject: null, at }))
      case 'look-at-realm': {
        const notBefore = await events.realmNotBefore()
        if (notBefore > 0) await cutOffs.raise({ kind: 'end', subject: null, at: lastBefore(notBefore) })
        return void (await cutOffs.raise({ kind: 'renew', subject: null, at }))
      }
      case 'renew-everyone':
        return void (await cutOffs.raise({ kind: 'renew', subject: null, at }))
    }
  }
}

/** Keycloak's not-before lets live what was issued in that very second. */
const lastBefore = (notBefore: number) => notBefore - 1

async function endSessions(
  { store, endSession, issuer }: CarryOutParts,
  owner: Omit<SessionOwner, 'issuer'>,
  until: number,
  why: EndReason,
): Promise<void> {
  const ids = await store.find({ issuer, ...owner }, until)
  for (const id of ids) await endSession(id, why)
}

/**
 * After a reset Keycloak keeps its own session, so the same browser would be signed in again without the new password.
 * With the last refresh token that session ends, and what it has given meanwhile ends when it is renewed.
 */
async function forgetSignIns(
  { store, revoke, cutOffs, issuer, clock }: CarryOutParts,
  subject: string,
  until: number,
): Promise<void> {
  for (const id of await store.find({ issuer, subject }, until)) {
    const session = await store.read(id)
    if (session?.tokens.refreshToken) await revoke(session.tokens.refreshToken)
  }
  await cutOffs.raise({ kind: 'renew', subject, at: clock.now() })
}
