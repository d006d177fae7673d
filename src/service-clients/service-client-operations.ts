import { z } from 'zod'
import type { Operation } from '../platform/http/operation.ts'
import { createClientInput } from './client-input.ts'
import { clientView } from './client-view.ts'

const TAG = 'Service clients'
const ROOT = '{prefix}/clients'
// As the settings are by default; they only make it stricter.
const input = createClientInput({ prefix: 'svc-', keyHosts: [] })
const one = z.object({ client: clientView })
const secret = z.string().meta({ description: 'Shown in this answer and never again.' })
const shared = { tag: TAG, who: 'administrator' } as const
const withBody = ['UNSUPPORTED_MEDIA_TYPE', 'PAYLOAD_TOO_LARGE'] as const
/** Where no body is expected one of another type is refused too. */
const writing = [
  ...(['CLIENT_NOT_FOUND', 'KEYCLOAK_UNAVAILABLE', 'AUDIT_UNAVAILABLE'] as const),
  ...(['CHANGE_IN_PROGRESS', 'COORDINATION_UNAVAILABLE'] as const),
  ...withBody,
] as const
const json = <T extends z.ZodType>(schema: T) => ({ schema, type: 'application/json' }) as const

/** Service clients: programs that call APIs with tokens of their own. */
export const serviceClientOperations: readonly Operation[] = [
  {
    ...shared,
    id: 'listServiceClients',
    method: 'get',
    path: ROOT,
    summary: 'Service clients by pages, in the order of their ids',
    query: input.list,
    answers: {
      200: {
        description: 'Only those that were registered here',
        data: z.object({ clients: z.array(clientView), total: z.int(), first: z.int(), max: z.int() }),
      },
    },
    errors: ['KEYCLOAK_UNAVAILABLE'],
  },
  {
    ...shared,
    id: 'registerServiceClient',
    method: 'post',
    path: ROOT,
    summary: 'Registers a service client',
    description:
      'A confidential client for a service account and nothing else. It proves itself by a secret, which is shown once, or by a key whose public half is given.',
    body: {
      ...json(input.register),
      example: { clientId: 'svc-reports', name: 'Reports', scopes: ['orders.read'], lifetimeSeconds: 300 },
    },
    answers: {
      201: {
        description: 'Registered, with its secret',
        data: z.object({ client: clientView, secret: secret.nullable() }),
      },
    },
    errors: ['CLIENT_EXISTS', 'KEYCLOAK_UNAVAILABLE', 'AUDIT_UNAVAILABLE', ...withBody],
  },
  {
    ...shared,
    id: 'readServiceClient',
    method: 'get',
    path: `${ROOT}/{id}`,
    summary: 'One service client',
    params: input.path,
    answers: { 200: { description: 'Without its secret', data: one } },
    errors: ['CLIENT_NOT_FOUND', 'KEYCLOAK_UNAVAILABLE'],
  },
  {
    ...shared,
    id: 'changeServiceClient',
    method: 'patch',
    path: `${ROOT}/{id}`,
    summary: 'Changes name, description or token lifetime',
    description: 'Members that are left out stay; null takes a value away.',
    params: input.path,
    body: json(input.change),
    answers: { 200: { description: 'As it is now', data: one } },
    errors: ['CLIENT_CHANGED', ...writing],
  },
  {
    ...shared,
    id: 'deleteServiceClient',
    method: 'delete',
    path: `${ROOT}/{id}`,
    summary: 'Deletes a service client that is disabled',
    params: input.path,
    answers: { 200: { description: 'Deleted', data: z.object({ deleted: z.literal(true) }) } },
    errors: ['CLIENT_IN_USE', 'SESSION_STORE_UNAVAILABLE', ...writing],
  },
  {
    ...shared,
    id: 'setServiceClientScopes',
    method: 'put',
    path: `${ROOT}/{id}/scopes`,
    summary: 'Sets the scopes, exactly these',
    description: 'When a scope is taken, tokens issued with it are refused from then on.',
    params: input.path,
    body: json(input.scopes),
    answers: { 200: { description: 'As it is now', data: one } },
    errors: ['CLIENT_CHANGED', 'SESSION_STORE_UNAVAILABLE', ...writing],
  },
  {
    ...shared,
    id: 'rotateServiceClientSecret',
    method: 'post',
    path: `${ROOT}/{id}/secret`,
    summary: 'A new secret in the place of the old one',
    params: input.path,
    answers: {
      200: {
        description: 'The new secret; `overlap` is null where the old one ends at once',
        data: z.object({ client: clientView, secret, overlap: z.object({ until: z.iso.datetime() }).nullable() }),
      },
    },
    errors: ['CLIENT_HAS_NO_SECRET', ...writing],
  },
  {
    ...shared,
    id: 'enableServiceClient',
    method: 'post',
    path: `${ROOT}/{id}/enable`,
    summary: 'Lets a service client get tokens again',
    params: input.path,
    answers: { 200: { description: 'Enabled', data: one } },
    errors: [...writing],
  },
  {
    ...shared,
    id: 'disableServiceClient',
    method: 'post',
    path: `${ROOT}/{id}/disable`,
    summary: 'Ends what a service client may do, at once',
    description: 'It gets no more tokens, and those it holds are refused.',
    params: input.path,
    answers: { 200: { description: 'Disabled', data: one } },
    errors: ['SESSION_STORE_UNAVAILABLE', ...writing],
  },
]
