import { z } from 'zod'
import { endReportSchema, sessionPage, sessionSchema } from '../identity/session/session-schema.ts'
import type { Operation } from '../platform/http/operation.ts'
import { ownSessionInput } from './own-session-routes.ts'

const TAG = 'Own account'
/** The caller's own sessions. */
export const ownSessionOperations: readonly Operation[] = [
  {
    id: 'listOwnSessions',
    method: 'get',
    path: '{prefix}/users/me/sessions',
    tag: TAG,
    summary: 'Where you are signed in',
    who: 'session or bearer',
    query: ownSessionInput.page,
    answers: {
      200: {
        description: 'Your sessions here and at Keycloak, latest first',
        data: z.object({ sessions: z.array(sessionSchema), ...sessionPage }),
      },
    },
    errors: [],
  },
  {
    id: 'endOtherSessions',
    method: 'delete',
    path: '{prefix}/users/me/sessions',
    tag: TAG,
    summary: 'Signs out everywhere else',
    who: 'session or bearer',
    answers: { 200: { description: 'Your other sessions have ended', data: endReportSchema } },
    errors: [],
  },
  {
    id: 'endOwnSession',
    method: 'delete',
    path: '{prefix}/users/me/sessions/{id}',
    tag: TAG,
    summary: 'Signs out one session, the current one too',
    who: 'session or bearer',
    params: ownSessionInput.path,
    answers: {
      200: {
        description: 'It has ended',
        data: endReportSchema.extend({ current: z.boolean() }).meta({ id: 'EndedOwnSession' }),
      },
    },
    errors: ['SESSION_NOT_FOUND', 'KEYCLOAK_UNAVAILABLE'],
  },
]
