import type { IncomingMessage } from 'node:http'
import { actorOf, auditedOrigin } from '../access/audited-caller.ts'
import type { CallerClaims } from '../identity/caller-claims.ts'
import type { StoredSession } from '../identity/session/session.ts'
import type { FinishedLogin } from '../login/finish-login.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { AuditActor } from '../platform/audit/audit-event.ts'
import type { Metrics } from '../platform/observability/metrics.ts'

const NOBODY: AuditActor = { kind: 'anonymous', id: null, username: null, client: null }

/**
 * What the login tells the audit trail. Anybody can call `/callback` as often as they like, so a sign-in that nobody began
 * in that browser is a stranger's.
 */
export function auditLogin(audit: Pick<Audit, 'note' | 'noteStranger'>, metrics: Pick<Metrics, 'loginFinished'>) {
  return {
    finished({ req, outcome, begunHere }: FinishedLogin): void {
      metrics.loginFinished(outcome)
      const origin = auditedOrigin(req)
      const action = 'session.login'
      if (outcome === 'ok') {
        const { caller } = req.session.record ?? {}
        const target = { kind: 'user', id: caller?.id ?? null } as const
        audit.note({ action, outcome: 'ok', actor: caller === undefined ? NOBODY : actorOf(caller), target, ...origin })
        return
      }
      const failed = { action, outcome: 'failed', actor: NOBODY, after: { error: outcome }, ...origin } as const
      if (begunHere) audit.note(failed)
      else audit.noteStranger(failed)
    },

    replaced(req: IncomingMessage & { session: { record?: { caller: CallerClaims } } }, former: CallerClaims): void {
      const now = req.session.record?.caller
      audit.note({
        action: 'session.account-switch',
        outcome: 'ok',
        actor: now === undefined ? NOBODY : actorOf(now),
        target: { kind: 'session', id: former.id },
        after: { formerUser: former.username, sameUser: former.id === now?.id },
        ...auditedOrigin(req),
      })
    },

    signedOut(req: IncomingMessage, { record: { caller } }: StoredSession): void {
      const target = { kind: 'user', id: caller.id } as const
      audit.note({ action: 'session.logout', outcome: 'ok', actor: actorOf(caller), target, ...auditedOrigin(req) })
    },

    endedByProvider(req: IncomingMessage, subject: string | undefined, sessions: number): void {
      if (sessions === 0) return
      audit.note({
        action: 'session.backchannel-logout',
        outcome: 'ok',
        actor: { ...NOBODY, kind: 'provider' },
        target: { kind: 'session', id: subject ?? null },
        after: { browserSessions: sessions },
        ...auditedOrigin(req),
      })
    },
  }
}
