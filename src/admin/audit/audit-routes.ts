import { Router } from 'express'
import { z } from 'zod'
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction } from '../../platform/audit/audit-event.ts'
import { rowName } from '../../platform/audit/audit-finding.ts'
import type { AuditCursor, ReadAudit } from '../../platform/audit/read-audit.ts'
import type { AuditEventRow } from '../../platform/database/tables.ts'
import { success } from '../../platform/errors/envelope.ts'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readQuery } from '../../platform/http/read-input.ts'
import { contextOf } from '../../platform/observability/request-context.ts'

const MAX_PAGE = 200
const DEFAULT_PAGE = 50

const text = z
  .string('must come once')
  .min(1, 'must not be empty')
  .max(255, 'must have at most 255 characters')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not have control characters')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
const time = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-01-31T09:30:00Z' })
  .transform((value) => Date.parse(value))
const pageSize = `must be a whole number from 1 to ${MAX_PAGE}`

/** What the endpoint reads. */
export const auditQuery = z.strictObject({
  actor: text.optional(),
  action: z.enum(Object.keys(AUDIT_ACTIONS) as AuditAction[], 'is no action of the audit trail').optional(),
  target: text.optional(),
  outcome: z.enum(AUDIT_OUTCOMES, `must be one of ${AUDIT_OUTCOMES.join(', ')}`).optional(),
  correlationId: text.optional(),
  from: time.optional(),
  to: time.optional(),
  after: z
    .string('must come once')
    .transform((value, context): AuditCursor => {
      const cursor = decodeCursor(value)
      if (cursor !== undefined) return cursor
      context.addIssue({ code: 'custom', message: 'is not the `next` of an earlier page' })
      return z.NEVER
    })
    .optional(),
  max: z
    .string(pageSize)
    .regex(/^\d{1,3}$/, pageSize)
    .transform(Number)
    .refine((value) => value >= 1 && value <= MAX_PAGE, pageSize)
    .default(DEFAULT_PAGE),
})

/** `GET /audit`: the audit trail, newest first, by pages; `next` of one page is `after` of the following. */
export function auditRoutes(readAudit: ReadAudit): Router {
  const router = Router({ caseSensitive: true, strict: true })

  router.get('/audit', async function listAudit(req, res) {
    const { max, after, ...filter } = readQuery(auditQuery, req)
    const { rows, next } = await readAudit(filter, max, after)
    const data = { events: rows.map(eventView), next: next === undefined ? null : encodeCursor(next), max }
    res.json(success(data, 'Audit events found', contextOf(req).requestId))
  })

  router.all('/audit', onlyThese('GET, HEAD'))
  return router
}

function eventView(row: AuditEventRow) {
  return {
    id: rowName(row.writer, row.seq),
    at: new Date(row.at).toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, username: row.actor_username, client: row.actor_client },
    action: row.action,
    target: row.target_kind === null ? null : { kind: row.target_kind, id: row.target_id },
    outcome: row.outcome,
    before: parsed(row.before),
    after: parsed(row.after),
    address: row.address,
    correlationId: row.correlation_id,
  }
}

/** What is no JSON was changed by somebody, and is shown as it stands. */
function parsed(json: string | null): unknown {
  if (json === null) return null
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

function encodeCursor({ at, writer, seq }: AuditCursor): string {
  return Buffer.from(`${at} ${writer} ${seq}`).toString('base64url')
}

function decodeCursor(value: string): AuditCursor | undefined {
  if (value.length > 100) return undefined
  const [, at, writer, seq] =
    /^(\d{1,15}) ([\w-]{1,32}) (\d{1,15})$/.exec(Buffer.from(value, 'base64url').toString()) ?? []
  if (at === undefined || writer === undefined || seq === undefined) return undefined
  return { at: Number(at), writer, seq: Number(seq) }
}
