import { z } from 'zod'
import type { Operation } from '../../platform/http/operation.ts'
import { auditQuery } from './audit-routes.ts'

const event = z
  .object({
    id: z.string().meta({ example: 'w-1a2b3c4d5e6f7a8b#17' }),
    at: z.iso.datetime(),
    actor: z.object({
      kind: z.string(),
      id: z.string().nullable(),
      username: z.string().nullable(),
      client: z.string().nullable(),
    }),
    action: z.string(),
    target: z.object({ kind: z.string(), id: z.string().nullable() }).nullable(),
    outcome: z.string(),
    before: z.unknown().meta({ example: { enabled: true, username: 'carol' } }),
    after: z.unknown().meta({ example: { enabled: false } }),
    address: z.string().nullable(),
    correlationId: z.string().nullable(),
  })
  .meta({ id: 'AuditEvent' })

/** The audit trail. */
export const auditOperations: readonly Operation[] = [
  {
    id: 'listAudit',
    method: 'get',
    path: '{prefix}/admin/audit',
    tag: 'Administration: audit',
    summary: 'Who did what, to whom, from where; newest first',
    description: '`next` of one page is `after` of the following.',
    who: 'administrator',
    query: auditQuery,
    answers: {
      200: {
        description: 'A page of events',
        data: z.object({ events: z.array(event), next: z.string().nullable(), max: z.int() }),
      },
    },
    errors: ['AUDIT_UNAVAILABLE'],
  },
]
