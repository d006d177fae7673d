import type { Request, Response } from 'express'
import { auditedCaller } from '../access/audited-caller.ts'
import { type Identity, identityOf } from '../identity/identity.ts'
import type { AuditEvent } from '../platform/audit/audit-event.ts'
import { success } from '../platform/errors/envelope.ts'
import { contextOf } from '../platform/observability/request-context.ts'

/** Who administers, and what the audit trail says of them. */
export interface Administrator {
  identity: Identity
  audited: Pick<AuditEvent, 'actor' | 'address' | 'correlationId'>
}

/** Who asks, for decisions and for the audit trail. */
export function administratorOf(req: Request): Administrator {
  return { identity: identityOf(req), audited: auditedCaller(req) }
}

/** Answers in the envelope; nothing of it is to be kept by anybody. */
export function answer(req: Request, res: Response, message: string, data: object): void {
  res.setHeader('Cache-Control', 'no-store')
  res.json(success(data, message, contextOf(req).requestId))
}
