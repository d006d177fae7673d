import { z } from 'zod'
import { endReportSchema, sessionPage, sessionSchema } from '../../identity/session/session-schema.ts'
import type { ErrorCode } from '../../platform/errors/error-codes.ts'
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
const RULES =
  'By the rules for changes of users: nobody signs out somebody of higher rank, a service account or a holder of administrative roles of Keycloak, but anybody may sign themselves out. While Keycloak cannot be asked, full administrators only.'
const page = z.object({ sessions: z.array(session), ...sessionPage })
const ENDING: readonly ErrorCode[] = [
  'AUDIT_UNAVAILABLE',
  'KEYCLOAK_UNAVAILABLE',
  'KEYCLOAK_REFUSED',
  'KEYCLOAK_REQUIRED',
]
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
    description: RULES,
    who: 'administrator',
    params: sessionAdminInput.user,
    answers: ended,
    errors: [...ENDING, 'USER_NOT_FOUND'],
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
    description:
      'Give either `sid` or `tenant`. Those of a tenant, and those of which the gateway does not know whose they are, are ended by full administrators only.',
    who: 'administrator',
    query: sessionAdminInput.filter,
    answers: ended,
    errors: ENDING,
  },
  {
    id: 'endSession',
    method: 'delete',
    path: '{prefix}/admin/sessions/{id}',
    tag: TAG,
    summary: 'Ends one session',
    description: RULES,
    who: 'administrator',
    params: sessionAdminInput.session,
    answers: ended,
    errors: [...ENDING, 'SESSION_NOT_FOUND'],
  },
]
