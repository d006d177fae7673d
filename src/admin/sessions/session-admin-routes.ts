import { type Request, type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { auditedCaller } from '../../access/audited-caller.ts'
import { identityOf } from '../../identity/identity.ts'
import type { EndReport } from '../../identity/session/end-sessions.ts'
import { PUBLIC_SESSION_ID } from '../../identity/session/public-session-id.ts'
import type { Audit } from '../../platform/audit/audit.ts'
import { success } from '../../platform/errors/envelope.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { onlyThese } from '../../platform/http/only-these.ts'
import { paging, readInput, readQuery } from '../../platform/http/read-input.ts'
import { contextOf } from '../../platform/observability/request-context.ts'
import { opaqueId } from '../opaque-id.ts'
import type { AnyonesSessions } from './anyones-sessions.ts'

const noQuery = z.strictObject({})
const name = z
  .string('must come once')
  .regex(/^[\x21-\x7e]{1,255}$/, 'must have 1 to 255 visible ASCII characters')
  .optional()
const filter = { sid: name, tenant: name }
/** What these endpoints read. */
export const sessionAdminInput = {
  page: z.strictObject(paging),
  filter: z.strictObject(filter),
  filteredPage: z.strictObject({ ...filter, ...paging }),
  user: z.strictObject({ id: opaqueId }),
  session: z.strictObject({ id: z.string().regex(PUBLIC_SESSION_ID, 'is not the id of a session') }),
}
const EXACTLY_ONE = { message: 'give either sid or tenant, and only one of them', path: ['sid'] }
const isOne = ({ sid, tenant }: { sid?: string | undefined; tenant?: string | undefined }) =>
  (sid === undefined) !== (tenant === undefined)
const filteredPage = sessionAdminInput.filteredPage.refine(isOne, EXACTLY_ONE)
const filterAlone = sessionAdminInput.filter.refine(isOne, EXACTLY_ONE)

/** Sessions of anybody, for administrators; mounted beside the other administration. */
export function sessionAdminRoutes(sessions: AnyonesSessions, { note }: Pick<Audit, 'note'>): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const answer = (message: string, work: (req: Request) => Promise<object>): RequestHandler =>
    async function administerSessions(req, res) {
      const data = await work(req)
      res.setHeader('Cache-Control', 'no-store')
      res.json(success(data, message, contextOf(req).requestId))
    }
  /** Written in the background: whoever takes access away is not kept from it by a database that is away. */
  function ending(action: 'session.end' | 'session.end-all', work: (req: Request) => Promise<EndReport>) {
    return async (req: Request) => {
      const { id = null } = req.params
      const target = {
        kind: action === 'session.end' ? 'session' : 'user',
        id: typeof id === 'string' ? id : null,
      } as const
      const event = { action, target, ...auditedCaller(req) }
      try {
        const report = await work(req)
        note({ ...event, outcome: 'ok', after: report })
        return report
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'INSUFFICIENT_PERMISSIONS')
          note({ ...event, outcome: 'refused', after: { error: error.code } })
        throw error
      }
    }
  }

  router
    .route('/users/:id/sessions')
    .get(
      answer('Sessions found', (req) => {
        const page = readQuery(sessionAdminInput.page, req)
        return sessions.listOfUser(readInput(sessionAdminInput.user, req.params).id, page, identityOf(req))
      }),
    )
    .delete(
      answer(
        'The sessions have ended',
        ending('session.end-all', async (req) => {
          readQuery(noQuery, req)
          return sessions.endOfUser(readInput(sessionAdminInput.user, req.params).id, identityOf(req))
        }),
      ),
    )
    .all(onlyThese('GET, HEAD, DELETE'))

  router
    .route('/sessions')
    .get(
      answer('Sessions found', (req) => {
        const { sid, tenant, ...page } = readQuery(filteredPage, req)
        return sessions.list({ sid, tenant }, page, identityOf(req))
      }),
    )
    .delete(
      answer(
        'The sessions have ended',
        ending('session.end-all', async (req) => sessions.endAll(readQuery(filterAlone, req), identityOf(req))),
      ),
    )
    .all(onlyThese('GET, HEAD, DELETE'))

  router
    .route('/sessions/:id')
    .delete(
      answer(
        'The session has ended',
        ending('session.end', async (req) => {
          readQuery(noQuery, req)
          return sessions.endOne(readInput(sessionAdminInput.session, req.params).id, identityOf(req))
        }),
      ),
    )
    .all(onlyThese('DELETE'))
  return router
}
