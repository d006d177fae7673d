import { z } from 'zod'
import type { Operation } from '../platform/http/operation.ts'

const TAG = 'Tokens of service clients'
const FORM = 'application/x-www-form-urlencoded'
const client = {
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  client_assertion_type: z.string().optional(),
  client_assertion: z
    .string()
    .optional()
    .meta({ description: 'A JWT (private_key_jwt) whose audience is the provider.' }),
}
const hinted = z.object({ token: z.string(), token_type_hint: z.string().optional(), ...client })
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9…'
const OUTAGES = ['CLIENT_REFUSED', 'PROVIDER_FEATURE_MISSING', 'KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED'] as const

/** OAuth for programs; failures are OAuth errors (RFC 6749 section 5.2). */
export const serviceTokenOperations: readonly Operation[] = [
  {
    id: 'issueToken',
    method: 'post',
    path: '{prefix}/auth/token',
    tag: TAG,
    summary: 'A token for a service client',
    description:
      'RFC 6749 sections 4.4 and 6. `password` is answered with `unsupported_grant_type`: people sign in at `/login`.',
    who: 'service client',
    body: {
      type: FORM,
      schema: z.object({
        grant_type: z.enum(['client_credentials', 'refresh_token']),
        scope: z.string().optional(),
        refresh_token: z.string().optional(),
        ...client,
      }),
      example: { grant_type: 'client_credentials', scope: 'orders.read' },
    },
    answers: {
      200: {
        description: 'The token',
        raw: z.object({
          access_token: z.string(),
          token_type: z.string(),
          expires_in: z.int().optional(),
          scope: z.string().optional(),
          refresh_token: z.string().optional(),
        }),
        example: { access_token: TOKEN, token_type: 'Bearer', expires_in: 300, scope: 'orders.read' },
      },
    },
    errors: [...OUTAGES],
  },
  {
    id: 'introspectToken',
    method: 'post',
    path: '{prefix}/auth/introspect',
    tag: TAG,
    summary: 'Whether a token is good, and whose it is',
    description:
      'RFC 7662. A token that was revoked here is not active. Keycloak tells a client only of tokens whose audience (`aud`) it is, and of its own refresh tokens with `token_type_hint=refresh_token`; of all others it hears that they are not active.',
    who: 'service client',
    body: { type: FORM, schema: hinted, example: { token: TOKEN } },
    answers: {
      200: {
        description: '`{"active": false}` for whatever is not',
        raw: z.looseObject({ active: z.boolean() }),
        example: { active: true, client_id: 'orders-service', scope: 'orders.read', exp: 1_769_852_100 },
      },
    },
    errors: [...OUTAGES, 'REVOCATIONS_UNAVAILABLE'],
  },
  {
    id: 'revokeToken',
    method: 'post',
    path: '{prefix}/auth/revoke',
    tag: TAG,
    summary: 'Takes a token back, on every instance before it answers',
    description:
      'RFC 7009. With a refresh token end the access tokens of its grant. 200 also for a token that is unknown or over; a client takes back its own tokens only.',
    who: 'service client',
    body: { type: FORM, schema: hinted, example: { token: TOKEN } },
    answers: { 200: { description: 'Taken back' } },
    errors: [...OUTAGES, 'REVOCATIONS_UNAVAILABLE'],
  },
]
