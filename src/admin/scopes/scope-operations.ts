import { z } from 'zod'
import type { Operation } from '../../platform/http/operation.ts'
import {
  CHANGING,
  clientsExample,
  clientsWithScope,
  listedExample,
  listedScope,
  READING_ONE,
  rolesExample,
  rolesOfScope,
  scopeExample,
  shownScope,
  WRITING_ONE,
} from './listed-scope.ts'
import { scopeInput } from './scope-input.ts'

const here = { tag: 'Administration: scopes', who: 'administrator' as const }
const json = (schema: z.ZodType) => ({ schema, type: 'application/json' as const })
const single = z.object({ scope: shownScope })
const ETag = 'The version, as `If-Match` takes it'
const withScope = { headers: { ETag }, data: single, example: { scope: scopeExample } }
const withRoles = { headers: { ETag }, data: rolesOfScope, example: rolesExample }
const RULES =
  "It is refused to callers who may not give each role of the scope, or lack the permission it stands for; the identity provider's own scopes are never changed."

/** Scopes (Keycloak's client scopes for OpenID Connect), their roles, and who has them. */
export const scopeOperations: readonly Operation[] = [
  {
    ...here,
    id: 'listScopes',
    method: 'get',
    path: '{prefix}/admin/scopes',
    summary: 'Scopes of the realm',
    query: scopeInput.list,
    answers: {
      200: {
        description: 'A page of scopes, in the order of their names',
        data: z.object({ scopes: z.array(listedScope), total: z.int(), first: z.int(), max: z.int() }),
        example: { scopes: [listedExample], total: 1, first: 0, max: 20 },
      },
    },
    errors: READING_ONE.filter((code) => code !== 'SCOPE_NOT_FOUND'),
  },
  {
    ...here,
    id: 'createScope',
    method: 'post',
    path: '{prefix}/admin/scopes',
    summary: 'Creates a scope, with roles mapped to it or without',
    description: `No client has it yet; service clients get it at /clients/{id}/scopes. ${RULES}`,
    body: json(scopeInput.create),
    answers: { 201: { description: 'The scope', ...withScope, headers: { Location: 'Its address', ETag } } },
    errors: [
      ...WRITING_ONE.filter((code) => code !== 'SCOPE_NOT_FOUND'),
      ...(['SCOPE_EXISTS', 'ROLE_NOT_FOUND', 'CHANGE_INCOMPLETE'] as const),
    ],
  },
  {
    ...here,
    id: 'readScope',
    method: 'get',
    path: '{prefix}/admin/scopes/{id}',
    summary: 'One scope',
    params: scopeInput.scope,
    answers: { 200: { description: 'The scope', ...withScope } },
    errors: READING_ONE,
  },
  {
    ...here,
    id: 'replaceScope',
    method: 'put',
    path: '{prefix}/admin/scopes/{id}',
    summary: 'Replaces what a scope says',
    description: `Needs every member, and the version that was read, as \`If-Match\` or as \`version\`. Protocol mappers and other attributes of the scope stay. A scope that clients have keeps its name. ${RULES}`,
    params: scopeInput.scope,
    body: json(scopeInput.replace),
    answers: { 200: { description: 'The scope as it is now', ...withScope } },
    errors: [...CHANGING, 'SCOPE_EXISTS', 'SCOPE_IN_USE'],
  },
  {
    ...here,
    id: 'changeScope',
    method: 'patch',
    path: '{prefix}/admin/scopes/{id}',
    summary: 'Changes what is named of a scope',
    description: `With a version, only when nobody else has changed it since. A scope that clients have keeps its name. ${RULES}`,
    params: scopeInput.scope,
    body: json(scopeInput.change),
    answers: { 200: { description: 'The scope as it is now', ...withScope } },
    errors: [...CHANGING, 'SCOPE_EXISTS', 'SCOPE_IN_USE'],
  },
  {
    ...here,
    id: 'deleteScope',
    method: 'delete',
    path: '{prefix}/admin/scopes/{id}',
    summary: 'Deletes a scope that nobody has',
    description: `Where it is in use, \`usedBy\` of the refusal names the first clients that have it. ${RULES}`,
    params: scopeInput.scope,
    answers: {
      200: {
        description: 'It is gone',
        data: z.object({ id: z.string() }),
        example: { id: scopeExample.id },
      },
    },
    errors: [...CHANGING, 'SCOPE_IN_USE'],
  },
  {
    ...here,
    id: 'listRolesOfScope',
    method: 'get',
    path: '{prefix}/admin/scopes/{id}/roles',
    summary: 'Roles mapped to a scope',
    description:
      'A caller gets the scope when they hold one of these roles, or one that is in them; without roles everybody gets it whose client has it. And a client without full scope may carry these roles in its tokens, where the caller holds them.',
    params: scopeInput.scope,
    answers: { 200: { description: 'The roles', ...withRoles } },
    errors: READING_ONE,
  },
  {
    ...here,
    id: 'setRolesOfScope',
    method: 'put',
    path: '{prefix}/admin/scopes/{id}/roles',
    summary: 'Maps exactly these roles to a scope, all of them or none',
    description: `Needs the version of the roles that was read. Roles of Keycloak's own clients are not mapped. It gives no role to anybody. ${RULES}`,
    params: scopeInput.scope,
    body: json(scopeInput.roles),
    answers: { 200: { description: 'The roles now', ...withRoles } },
    errors: [...CHANGING, 'ROLE_NOT_FOUND', 'CHANGE_INCOMPLETE'],
  },
  {
    ...here,
    id: 'listClientsWithScope',
    method: 'get',
    path: '{prefix}/admin/scopes/{id}/clients',
    summary: 'Clients that have a scope',
    params: scopeInput.scope,
    query: scopeInput.page,
    answers: {
      200: { description: 'A page of clients, by their ids', data: clientsWithScope, example: clientsExample },
    },
    errors: READING_ONE,
  },
]
