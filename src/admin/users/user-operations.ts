import { z } from 'zod'
import { endReportSchema } from '../../identity/session/session-schema.ts'
import type { ErrorCode } from '../../platform/errors/error-codes.ts'
import type { Operation } from '../../platform/http/operation.ts'
import { expectedErrors } from '../expected-errors.ts'
import { userSummary } from '../user-summary.ts'
import { userInput } from './user-input.ts'

const TAG = 'Administration: users'
const listed = userSummary.meta({ id: 'UserSummary' })
/** A user with everything administrators see. */
export const shownUser = userSummary
  .extend({
    attributes: z.record(z.string(), z.array(z.string())),
    requiredActions: z.array(z.string()),
    version: z
      .string()
      .meta({ description: 'Of what is shown; the same as the ETag. A change that is based on it says so.' }),
  })
  .meta({ id: 'User' })
const changed = z.object({ user: shownUser, sessions: endReportSchema.nullable() })

/** Of every read and every write of users. */
const CHANGING: readonly ErrorCode[] = [
  ...expectedErrors.writing,
  'USER_NOT_FOUND',
  'ACCOUNT_TAKEN',
  'VERSION_CONFLICT',
  'LAST_ADMINISTRATOR',
  'CHANGE_INCOMPLETE',
]
const json = (schema: z.ZodType) => ({ schema, type: 'application/json' as const })
const here = { tag: TAG, who: 'administrator' as const }

const example = {
  id: '7ee03d9c-79ad-47a5-893c-ec3f3e3b6408',
  ...{ username: 'carol', email: 'carol@example.com', emailVerified: true, firstName: 'Carol', lastName: 'Jones' },
  ...{ enabled: true, createdAt: '2026-01-31T09:30:00.000Z', attributes: {}, requiredActions: [] },
  version: 'b1946a.c9249e.0cbc66.4fc82b.26e1f1.9c1185.a5c5e9.3fc4cc',
}

/** Users: find, read, create, change, enable, disable, delete. */
export const userOperations: readonly Operation[] = [
  {
    ...here,
    id: 'listUsers',
    method: 'get',
    path: '{prefix}/admin/users',
    summary: 'Finds users',
    description:
      'By `search` in all fields at once, or by single fields, as parts or with `exact` as a whole. Accounts of service clients show only where fields are searched. While Keycloak is away, as last known, marked as for one user.',
    query: userInput.list,
    answers: {
      200: {
        description: 'A page of users, by user name',
        data: z.object({ users: z.array(listed), total: z.int(), first: z.int(), max: z.int() }),
      },
    },
    errors: expectedErrors.reading,
  },
  {
    ...here,
    id: 'createUser',
    method: 'post',
    path: '{prefix}/admin/users',
    summary: 'Creates a user',
    description:
      'With a password the user can sign in at once; a temporary one (the default) is changed at the first sign-in.',
    body: json(userInput.create),
    answers: {
      201: {
        description: 'The user',
        headers: { Location: 'Its address', ETag: 'The version, as `If-Match` takes it' },
        data: changed,
        example: { user: example, sessions: null },
      },
    },
    errors: [...expectedErrors.writing, 'ACCOUNT_TAKEN', 'PASSWORD_REFUSED'],
  },
  {
    ...here,
    id: 'readUser',
    method: 'get',
    path: '{prefix}/admin/users/{id}',
    summary: 'One user',
    description:
      'While Keycloak is away, as last known: then `metadata` has `stale` and `age`, and the headers `Age` and `Cache-Status` say the same.',
    params: userInput.user,
    answers: {
      200: {
        description: 'The user',
        headers: { ETag: 'The version, as `If-Match` takes it' },
        data: z.object({ user: shownUser }),
        example: { user: example },
      },
    },
    errors: [...expectedErrors.reading, 'USER_NOT_FOUND'],
  },
  {
    ...here,
    id: 'replaceUser',
    method: 'put',
    path: '{prefix}/admin/users/{id}',
    summary: 'Replaces the profile of a user',
    description:
      'Every member of the profile has to be there, and the version that was read, in the body or as `If-Match`. An address that changes is no longer verified unless that is said.',
    params: userInput.user,
    body: json(userInput.replace),
    answers: { 200: { description: 'The user as it is now', data: changed } },
    errors: CHANGING,
  },
  {
    ...here,
    id: 'changeUser',
    method: 'patch',
    path: '{prefix}/admin/users/{id}',
    summary: 'Changes single members of a user',
    description:
      'What is not named stays as it is; null takes a value away. With a version, only what is based on it is changed.',
    params: userInput.user,
    body: json(userInput.change),
    answers: { 200: { description: 'The user as it is now', data: changed } },
    errors: CHANGING,
  },
  {
    ...here,
    id: 'deleteUser',
    method: 'delete',
    path: '{prefix}/admin/users/{id}',
    summary: 'Deletes a user',
    description: 'Every session ends first. With `ADMIN_USER_DELETION=soft` the account stays, disabled.',
    params: userInput.user,
    answers: {
      200: {
        description: 'What was done',
        data: z.object({ mode: z.enum(['hard', 'soft']), sessions: endReportSchema }),
      },
    },
    errors: CHANGING.filter((code) => code !== 'ACCOUNT_TAKEN'),
  },
  ...(['enable', 'disable'] as const).map((act): Operation => {
    const told =
      act === 'enable' ? 'Lets a user sign in again' : 'Shuts a user out: every session and token ends at once'
    return {
      ...here,
      id: `${act}User`,
      method: 'post',
      path: `{prefix}/admin/users/{id}/${act}`,
      summary: told,
      params: userInput.user,
      answers: { 200: { description: 'The user as it is now', data: changed } },
      errors: CHANGING.filter((code) => code !== 'ACCOUNT_TAKEN'),
    }
  }),
]
