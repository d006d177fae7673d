import { z } from 'zod'
import { endReportSchema } from '../../identity/session/session-schema.ts'
import type { Operation } from '../../platform/http/operation.ts'
import { expectedErrors } from '../expected-errors.ts'
import { userInput } from './user-input.ts'
import { shownUser } from './user-operations.ts'

const here = { tag: 'Administration: access of users', who: 'administrator' as const }
const json = (schema: z.ZodType) => ({ schema, type: 'application/json' as const })
const lock = z
  .object({
    locked: z.boolean(),
    until: z.iso.datetime().nullable(),
    failures: z.int(),
    lastFailureAt: z.iso.datetime().nullable(),
    lastFailureFrom: z.string().nullable(),
  })
  .meta({ id: 'Lock' })
const credential = z
  .object({
    id: z.string(),
    type: z.string().meta({ description: "Keycloak's name: `password`, `otp`, `webauthn`, …" }),
    label: z.string().nullable(),
    createdAt: z.iso.datetime().nullable().meta({ description: 'Of a password, when it was set last.' }),
  })
  .meta({ id: 'CredentialOfUser' })
const role = z
  .object({
    role: z.string().meta({ description: '`realm:<role>` or `client:<client>:<role>`' }),
    description: z.string().nullable(),
  })
  .meta({ id: 'RoleOfUser' })
const roles = z.object({
  direct: z.array(role),
  effective: z.array(role).meta({ description: 'Through groups and composites too.' }),
})
const membership = z.object({ user: z.string(), group: z.string() })
const ofUser = [...expectedErrors.writing, 'USER_NOT_FOUND', 'VERSION_CONFLICT'] as const

/** What users sign in with, and what they may do. */
export const userAccessOperations: readonly Operation[] = [
  {
    ...here,
    id: 'setPasswordOfUser',
    method: 'put',
    path: '{prefix}/admin/users/{id}/password',
    summary: 'Sets the password of a user and ends every session',
    description: 'Temporary unless it is said: to be changed at the next sign-in.',
    params: userInput.user,
    body: json(userInput.password),
    answers: {
      200: { description: 'It is set', data: z.object({ temporary: z.boolean(), sessions: endReportSchema }) },
    },
    errors: [...ofUser, 'PASSWORD_REFUSED'],
  },
  {
    ...here,
    id: 'setRequiredActionsOfUser',
    method: 'put',
    path: '{prefix}/admin/users/{id}/required-actions',
    summary: 'Says what a user has to do at the next sign-in',
    description:
      'Exactly these actions. The version that was read, in the body or as `If-Match`, refuses a change that is based on something old.',
    params: userInput.user,
    body: json(userInput.requiredActions),
    answers: {
      200: {
        description: 'The user as it is now',
        data: z.object({ user: shownUser }),
        headers: { ETag: 'The version, as `If-Match` takes it' },
      },
    },
    errors: ofUser,
  },
  {
    ...here,
    id: 'readLockOfUser',
    method: 'get',
    path: '{prefix}/admin/users/{id}/lock',
    summary: 'Whether a user is locked after failed sign-ins',
    params: userInput.user,
    answers: { 200: { description: 'The state', data: z.object({ lock }) } },
    errors: [...expectedErrors.reading, 'USER_NOT_FOUND'],
  },
  {
    ...here,
    id: 'liftLockOfUser',
    method: 'delete',
    path: '{prefix}/admin/users/{id}/lock',
    summary: 'Lifts the lock and forgets the failed sign-ins',
    params: userInput.user,
    answers: { 200: { description: 'The state now', data: z.object({ lock }) } },
    errors: ofUser,
  },
  {
    ...here,
    id: 'listCredentialsOfUser',
    method: 'get',
    path: '{prefix}/admin/users/{id}/credentials',
    summary: 'What a user signs in with: password, authenticator apps, passkeys, and since when',
    description: 'Nothing that is secret. Who has to set one up anew is asked for it by required actions.',
    params: userInput.user,
    answers: {
      200: {
        description: 'The credentials',
        data: z.object({ credentials: z.array(credential) }),
        example: {
          credentials: [
            {
              id: '0e9f1d8a-6f0a-4a0e-9d0c-6a1c7d2b5e33',
              type: 'password',
              label: null,
              createdAt: '2026-01-31T09:30:00.000Z',
            },
          ],
        },
      },
    },
    errors: [...expectedErrors.reading, 'USER_NOT_FOUND'],
  },
  {
    ...here,
    id: 'listRolesOfUser',
    method: 'get',
    path: '{prefix}/admin/users/{id}/roles',
    summary: 'Roles of a user',
    params: userInput.user,
    answers: { 200: { description: 'Given directly, and all that are held', data: roles } },
    errors: [...expectedErrors.reading, 'USER_NOT_FOUND'],
  },
  {
    ...here,
    id: 'giveRolesToUser',
    method: 'post',
    path: '{prefix}/admin/users/{id}/roles',
    summary: 'Gives roles to a user, all of them or none',
    params: userInput.user,
    body: json(userInput.roles),
    answers: {
      200: {
        description: 'The roles now',
        data: roles,
        example: { direct: [{ role: 'realm:customer', description: null }], effective: [] },
      },
    },
    errors: [...ofUser, 'CHANGE_INCOMPLETE'],
  },
  {
    ...here,
    id: 'takeRolesFromUser',
    method: 'delete',
    path: '{prefix}/admin/users/{id}/roles',
    summary: 'Takes roles from a user, all of them or none',
    params: userInput.user,
    body: json(userInput.roles),
    answers: { 200: { description: 'The roles now', data: roles } },
    errors: [...ofUser, 'LAST_ADMINISTRATOR', 'CHANGE_INCOMPLETE'],
  },
  {
    ...here,
    id: 'putUserIntoGroup',
    method: 'put',
    path: '{prefix}/admin/users/{id}/groups/{groupId}',
    summary: 'Puts a user into a group',
    params: userInput.membership,
    answers: { 200: { description: 'The membership', data: membership } },
    errors: [...ofUser, 'GROUP_NOT_FOUND'],
  },
  {
    ...here,
    id: 'takeUserOutOfGroup',
    method: 'delete',
    path: '{prefix}/admin/users/{id}/groups/{groupId}',
    summary: 'Takes a user out of a group',
    params: userInput.membership,
    answers: { 200: { description: 'What was the membership', data: membership } },
    errors: [...ofUser, 'GROUP_NOT_FOUND', 'LAST_ADMINISTRATOR'],
  },
]
