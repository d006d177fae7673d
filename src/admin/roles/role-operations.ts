import { z } from 'zod'
import type { ErrorCode } from '../../platform/errors/error-codes.ts'
import type { Operation } from '../../platform/http/operation.ts'
import { expectedErrors } from '../expected-errors.ts'
import { roleInput } from './role-input.ts'
import { roleSchema } from './role-schema.ts'

const here = { tag: 'Administration: roles', who: 'administrator' as const }
const json = (schema: z.ZodType) => ({ schema, type: 'application/json' as const })

const { row, role, usage, holder, paged, example, summary, usedBy } = roleSchema
const whole = z.object({ role })

const ofOne = [...expectedErrors.reading, 'ROLE_NOT_FOUND'] as const
const CHANGING: readonly ErrorCode[] = [...expectedErrors.writing, 'ROLE_NOT_FOUND', 'VERSION_CONFLICT']

/** Roles of the realm and of its clients. */
export const roleOperations: readonly Operation[] = [
  {
    ...here,
    id: 'listRoles',
    method: 'get',
    path: '{prefix}/admin/roles',
    summary: 'Finds roles of the realm, or of a client',
    description:
      '`search` is a part of the name or of the description; Keycloak takes `%` and `_` in it as placeholders.',
    query: roleInput.list,
    answers: {
      200: {
        description: 'A page of roles, by name',
        data: z.object({ roles: z.array(row), ...paged }),
        example: { roles: [{ ...summary, composite: true }], first: 0, max: 20, hasMore: false },
      },
    },
    errors: expectedErrors.reading,
  },
  {
    ...here,
    id: 'createRole',
    method: 'post',
    path: '{prefix}/admin/roles',
    summary: 'Creates a role of the realm, or of a client, with the roles in it',
    description: 'Whole, or not at all. Only roles the caller holds are put in; Keycloak’s own clients get none.',
    body: json(roleInput.create),
    answers: {
      201: { description: 'The role; `Location` is its address', data: whole, example: { role: example } },
    },
    errors: [...expectedErrors.writing, 'ROLE_EXISTS', 'CHANGE_INCOMPLETE'],
  },
  {
    ...here,
    id: 'readRole',
    method: 'get',
    path: '{prefix}/admin/roles/{id}',
    summary: 'One role',
    params: roleInput.role,
    answers: {
      200: {
        description: 'The role',
        headers: { ETag: 'The version, as `If-Match` takes it' },
        data: whole,
        example: { role: example },
      },
    },
    errors: ofOne,
  },
  {
    ...here,
    id: 'changeRole',
    method: 'patch',
    path: '{prefix}/admin/roles/{id}',
    summary: 'Changes name, description or attributes of a role',
    description: 'What is not named stays. Another name is another role to whoever asks for it by name.',
    params: roleInput.role,
    body: json(roleInput.change),
    answers: { 200: { description: 'The role as it is now', data: whole, example: { role: example } } },
    errors: [...CHANGING, 'ROLE_EXISTS', 'ROLE_PROTECTED'],
  },
  {
    ...here,
    id: 'deleteRole',
    method: 'delete',
    path: '{prefix}/admin/roles/{id}',
    summary: 'Deletes a role that is not in use',
    description: 'With `force=true` also one that is in use, for full administrators: it goes from everywhere.',
    params: roleInput.role,
    query: roleInput.remove,
    answers: {
      200: { description: 'Where it was used', data: z.object({ usedBy: usage }), example: { usedBy } },
    },
    errors: [...CHANGING, 'ROLE_IN_USE', 'ROLE_PROTECTED', 'LAST_ADMINISTRATOR'],
  },
  {
    ...here,
    id: 'listComposites',
    method: 'get',
    path: '{prefix}/admin/roles/{id}/composites',
    summary: 'The roles in a role',
    params: roleInput.role,
    answers: {
      200: {
        description: 'Directly in it, and everything that is in it at any depth',
        data: z.object({ direct: z.array(row), effective: z.array(row) }),
        example: { direct: example.composites, effective: example.composites },
      },
    },
    errors: ofOne,
  },
  ...(['post', 'delete'] as const).map(
    (method): Operation => ({
      ...here,
      id: method === 'post' ? 'addComposites' : 'takeComposites',
      method,
      path: '{prefix}/admin/roles/{id}/composites',
      summary: method === 'post' ? 'Puts roles into a role, all of them or none' : 'Takes roles out of a role',
      description: 'Counts for everybody who holds the role, from their next request.',
      params: roleInput.role,
      body: json(roleInput.composites),
      answers: { 200: { description: 'The role as it is now', data: whole, example: { role: example } } },
      errors: [...CHANGING, ...(method === 'post' ? (['ROLE_LOOP'] as const) : (['LAST_ADMINISTRATOR'] as const))],
    }),
  ),
  {
    ...here,
    id: 'listUsersWithRole',
    method: 'get',
    path: '{prefix}/admin/roles/{id}/users',
    summary: 'To whom a role was given directly',
    description: 'Who holds it through groups or other roles shows at those; `usage` names them.',
    params: roleInput.role,
    query: roleInput.page,
    answers: {
      200: { description: 'A page of users', data: z.object({ users: z.array(holder), ...paged }) },
    },
    errors: ofOne,
  },
  {
    ...here,
    id: 'readUsageOfRole',
    method: 'get',
    path: '{prefix}/admin/roles/{id}/usage',
    summary: 'Where a role is used',
    description: 'Looks into every client, scope and composite role of the realm: two calls of Keycloak per client.',
    params: roleInput.role,
    answers: { 200: { description: 'Where', data: z.object({ usedBy: usage }), example: { usedBy } } },
    errors: ofOne,
  },
]
