import type { IncomingMessage } from 'node:http'
import { identityIfAny } from '../identity/identity.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { GatewayError } from '../platform/errors/gateway-error.ts'
import { contextIfAny } from '../platform/observability/request-context.ts'
import { auditedCaller } from './audited-caller.ts'

/** Credentials that are no good, wherever they were shown. */
const CREDENTIALS = ['TOKEN_INVALID', 'TOKEN_EXPIRED', 'CLIENT_REFUSED', 'PASSWORD_WRONG', 'INVALID_COOKIE']
/** What else is refused at the gateway's own doors. */
const OWN = ['INSUFFICIENT_PERMISSIONS', 'CSRF_REJECTED', 'ORIGIN_NOT_ALLOWED', 'RATE_LIMITED', 'NOT_A_PERSON']

/**
 * What the audit trail says of refused requests: a row of action `access.refused`, with the endpoint as its target. Only
 * the first few of a minute have one; the others are counted, so that no stranger fills the disk. On proxied routes only
 * bad credentials count: what a role lets somebody do there is the business of the API behind.
 */
export function auditRefusals(audit: Pick<Audit, 'note' | 'noteStranger'>) {
  return function refused(error: GatewayError, req: IncomingMessage): void {
    const context = contextIfAny(req)
    if (context === undefined || !isWorthARow(error, context.route)) return
    const known = identityIfAny(req) !== undefined
    const event = {
      ...({ action: 'access.refused', outcome: 'refused' } as const),
      // What a stranger asked for may be anything, secrets included.
      target: { kind: 'endpoint', id: `${context.method} ${known ? context.path : context.route}` } as const,
      after: { error: error.code },
      ...auditedCaller(req),
    }
    if (known) audit.note(event)
    else audit.noteStranger(event)
  }
}

function isWorthARow({ code, details }: GatewayError, route: string): boolean {
  if (CREDENTIALS.includes(code)) return true
  if (!route.startsWith('/') || !OWN.includes(code)) return false
  // A write that a rule forbids has its row already, with what it was about.
  return code !== 'INSUFFICIENT_PERMISSIONS' || !('rule' in (details ?? {}))
}
