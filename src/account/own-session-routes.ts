import { Router } from 'express'
import { z } from 'zod'
import { auditedCaller } from '../access/audited-caller.ts'
import { identityOf } from '../identity/identity.ts'
import { PUBLIC_SESSION_ID } from '../identity/session/public-session-id.ts'
import type { Audit } from '../platform/audit/audit.ts'
import { success } from '../platform/errors/envelope.ts'
import { onlyThese } from '../platform/http/only-these.ts'
import { paging, readInput, readQuery } from '../platform/http/read-input.ts'
import { contextOf } from '../platform/observability/request-context.ts'
import type { OwnSessions } from './own-sessions.ts'

const noQuery = z.strictObject({})
/** What these endpoints read. */
export const ownSessionInput = {
  page: z.strictObject(paging),
  path: z.strictObject({ id: z.string().regex(PUBLIC_SESSION_ID, 'is not the id of a session') }),
}

/** The caller's own sessions: `GET /sessions`, `DELETE /sessions` (all but the current one) and `DELETE /sessions/{id}`. */
export function ownSessionRoutes(sessions: OwnSessions, { note }: Pick<Audit, 'note'>): Router {
  const router = Router({ caseSensitive: true, strict: true })

  router.get('/sessions', async function listOwnSessions(req, res) {
    const page = readQuery(ownSessionInput.page, req)
    const found = await sessions.list(identityOf(req), page)
    res.setHeader('Cache-Control', 'no-store')
    res.json(success({ ...found, ...page }, 'Sessions found', contextOf(req).requestId))
  })

  router.delete('/sessions', async function endOtherSessions(req, res) {
    readQuery(noQuery, req)
    const caller = identityOf(req)
    const report = await sessions.endOthers(caller)
    const target = { kind: 'user', id: caller.id } as const
    note({ action: 'session.end-all', outcome: 'ok', target, after: report, ...auditedCaller(req) })
    res.setHeader('Cache-Control', 'no-store')
    res.json(success(report, 'Your other sessions have ended; this one goes on', contextOf(req).requestId))
  })

  router.delete('/sessions/:id', async function endOwnSession(req, res) {
    readQuery(noQuery, req)
    const { id } = readInput(ownSessionInput.path, req.params)
    const { current, ...report } = await sessions.endOne(identityOf(req), id)
    const target = { kind: 'session', id } as const
    note({ action: 'session.end', outcome: 'ok', target, after: report, ...auditedCaller(req) })
    const message = current ? 'Your session has ended; sign in to go on' : 'The session has ended'
    res.setHeader('Cache-Control', 'no-store')
    res.json(success({ ...report, current }, message, contextOf(req).requestId))
  })

  router.all('/sessions', onlyThese('GET, HEAD, DELETE'))
  router.all('/sessions/:id', onlyThese('DELETE'))
  return router
}
