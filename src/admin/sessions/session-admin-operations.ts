import { z } from 'zod'
import { endReportSchema, sessionPage, sessionSchema } from '../../identity/session/session-schema.ts'
import type { Operation } from '../../platform/http/operation.ts'
import { sessionAdminInput } from './session-admin-routes.ts'

const TAG = 'Administration: sessions'
const session = sessionSchema
  .extend({
    user: z.object({ id: z.string(), username: z.string().nullable() }).nullable(),
    tenant: z.string().nullable(),
    sid: z.string().nullable().meta({ description: "The provider's session, which `?sid=` takes." }),
  })
  .meta({ id: 'SessionOfAnybody' })
const page = z.object({ sessions: z.array(session), ...sessionPage })
const ended = { 200: { description: 'They have ended, on every instance', data: endReportSchema } }

/** Sessions of anybody. */
export const sessionAdminOperations: readonly Operation[] = [
  {
    id: 'listSessionsOfUser',
    method: 'get',
    path: '{prefix}/admin/users/{id}/sessions',
    tag: TAG,
    summary: 'Where a user is signed in',
    who: 'administrator',
    params: sessionAdminInput.user,
    query: sessionAdminInput.page,
    answers: { 200: { description: 'Here and at Keycloak', data: page } },
    errors: ['USER_NOT_FOUND'],
  },
  {
    id: 'endSessionsOfUser',
    method: 'delete',
    path: '{prefix}/admin/users/{id}/sessions',
    tag: TAG,
    summary: 'Signs a user out everywhere, here and at Keycloak',
    who: 'administrator',
    params: sessionAdminInput.user,
    answers: ended,
    errors: ['USER_NOT_FOUND', 'AUDIT_UNAVAILABLE'],
  },
  {
    id: 'listSessions',
    method: 'get',
    path: '{prefix}/admin/sessions',
    tag: TAG,
    summary: 'Sessions of one provider session, or of a tenant',
    description: 'Give either `sid` or `tenant`.',
    who: 'administrator',
    query: sessionAdminInput.filteredPage,
    answers: { 200: { description: 'The sessions', data: page } },
    errors: [],
  },
  {
    id: 'endSessions',
    method: 'delete',
    path: '{prefix}/admin/sessions',
    tag: TAG,
    summary: 'Ends all sessions of one provider session, or of a tenant',
    who: 'administrator',
    query: sessionAdminInput.filter,
    answers: ended,
    errors: ['AUDIT_UNAVAILABLE'],
  },
  {
    id: 'endSession',
    method: 'delete',
    path: '{prefix}/admin/sessions/{id}',
    tag: TAG,
    summary: 'Ends one session',
    who: 'administrator',
    params: sessionAdminInput.session,
    answers: ended,
    errors: ['SESSION_NOT_FOUND', 'AUDIT_UNAVAILABLE'],
  },
]
