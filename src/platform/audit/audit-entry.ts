import type { AuditEventRow } from '../database/tables.ts'
import { redactText } from '../observability/redact-text.ts'
import type { AuditEvent } from './audit-event.ts'
import { auditedMembers } from './audited-members.ts'

/** A row that has no place in a chain yet. */
export type AuditEntry = Omit<AuditEventRow, 'writer' | 'seq' | 'key_id' | 'prev_hash' | 'hash'>

const MAX_TEXT = 255

/**
 * The row of an event, with secrets already gone: nothing else of the event is kept from here on.
 * @param at milliseconds since the epoch
 */
export function auditEntry(event: AuditEvent, at: number): AuditEntry {
  const { actor, target } = event
  return {
    at,
    actor_kind: actor.kind,
    actor_id: clean(actor.id),
    actor_username: clean(actor.username),
    actor_client: clean(actor.client),
    action: event.action,
    target_kind: target?.kind ?? null,
    target_id: clean(target?.id ?? null),
    outcome: event.outcome,
    before: auditedMembers(target?.kind, event.before),
    after: auditedMembers(target?.kind, event.after),
    address: clean(event.address ?? null),
    correlation_id: clean(event.correlationId ?? null),
  }
}

/** Databases refuse or change what is not well-formed Unicode, and then no hash would fit. */
function clean(text: string | null): string | null {
  return text === null ? null : redactText(text).slice(0, MAX_TEXT).toWellFormed()
}
