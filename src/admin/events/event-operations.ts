import { z } from 'zod'
import type { Operation } from '../../platform/http/operation.ts'
import { eventInput } from './event-input.ts'

const TAG = 'Administration: events'
const nullableText = z.string().nullable()
const login = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    type: z.string().meta({ description: "Keycloak's event type, such as `LOGIN` or `LOGIN_ERROR`." }),
    error: nullableText.meta({
      description: "Keycloak's word for what went wrong, such as `invalid_user_credentials`.",
    }),
    userId: nullableText,
    username: nullableText.meta({
      description: 'Null for a user nobody knows: people type their password into that field by mistake.',
    }),
    client: nullableText,
    ip: nullableText,
    session: nullableText.meta({ description: 'The same for all events of one session at Keycloak; not its id.' }),
    details: z.record(z.string(), z.string()).meta({
      description: 'Only members that can hold no secret, such as `auth_method`, `grant_type` and `scope`.',
    }),
  })
  .meta({ id: 'LoginEvent' })
const adminAct = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    operation: z.string(),
    resourceType: z.string(),
    path: z.string().meta({ description: 'Below the realm, such as `users/<id>/reset-password`.' }),
    error: nullableText,
    actor: z.object({
      userId: nullableText,
      clientUuid: nullableText,
      ip: nullableText,
      isOfThisRealm: z.boolean(),
    }),
    members: z.array(z.string()).meta({ description: 'Names of the members that were written; never their values.' }),
    roles: z.array(z.string()).meta({ description: 'Names of roles that were given or taken.' }),
  })
  .meta({ id: 'AdminEvent' })
const page = {
  eventsEnabled: z.boolean().meta({ description: 'Whether the realm writes such events at all.' }),
  keptFor: z
    .number()
    .nullable()
    .meta({ description: 'Seconds after which events are removed; null: never, or unknown.' }),
  more: z.boolean().meta({ description: 'Whether there are older ones.' }),
  first: z.int(),
  max: z.int(),
}
const ERRORS: Operation['errors'] = ['KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED', 'KEYCLOAK_REQUIRED']

/** What happened at Keycloak. */
export const eventOperations: readonly Operation[] = [
  {
    id: 'listLoginEvents',
    method: 'get',
    path: '{prefix}/admin/events/logins',
    tag: TAG,
    summary: 'Who signed in or out at Keycloak, or tried to; newest first',
    description:
      'While you turn pages, set `to`, so that new events do not push the others on. Where the realm does not write such events, the page says `eventsEnabled: false`; `typesNotKept` names types asked for that it passes over.',
    who: 'administrator',
    query: eventInput.logins,
    answers: {
      200: {
        description: 'A page of events',
        data: z.object({ events: z.array(login), ...page, typesNotKept: z.array(z.string()) }),
      },
    },
    errors: ERRORS,
  },
  {
    id: 'listAdminEvents',
    method: 'get',
    path: '{prefix}/admin/events/admin',
    tag: TAG,
    summary: 'What administrators did at Keycloak, here or elsewhere; newest first',
    description:
      'What is done through this API stands here under the service account of the gateway; who was behind it tells the audit trail.',
    who: 'administrator',
    query: eventInput.adminActs,
    answers: { 200: { description: 'A page of events', data: z.object({ events: z.array(adminAct), ...page }) } },
    errors: ERRORS,
  },
]
