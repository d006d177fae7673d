import { z } from 'zod'
import type { Operation } from '../platform/http/operation.ts'
import { accountInput } from './account-input.ts'

const tag = 'Own account'
const who = 'anyone'
const json = <T extends z.ZodType>(schema: T) => ({ schema, type: 'application/json' }) as const
const SAME = 'The answer is the same whether or not there is such an account.'
const answers = { 202: { description: SAME, data: z.null() } }

/** For people who are not signed in. */
export const visitorOperations: readonly Operation[] = [
  {
    id: 'register',
    method: 'post',
    path: '{prefix}/users',
    ...{ tag, who, answers },
    summary: 'Makes an account',
    description: `Only with \`REGISTRATION=on\`, else 404. The user name is the e-mail address, and the account can be used once the link in the mail was followed. 400 \`PASSWORD_REFUSED\` names every rule that the password breaks. ${SAME}`,
    body: json(accountInput.registration),
    errors: [
      ...(['INVALID_REQUEST', 'PASSWORD_REFUSED', 'NOT_FOUND', 'RATE_LIMITED', 'AUDIT_UNAVAILABLE'] as const),
      'KEYCLOAK_UNAVAILABLE',
    ],
  },
  {
    id: 'forgotPassword',
    method: 'post',
    path: '{prefix}/users/forgotten-password',
    ...{ tag, who, answers },
    summary: 'Mails a link to a new password',
    description: SAME,
    body: json(accountInput.address),
    errors: ['INVALID_REQUEST', 'RATE_LIMITED', 'KEYCLOAK_REQUIRED', 'KEYCLOAK_UNAVAILABLE'],
  },
  {
    id: 'verifyEmail',
    method: 'post',
    path: '{prefix}/users/email-verification',
    ...{ tag, who, answers },
    summary: 'Mails the link once more that verifies the address of an account',
    description: SAME,
    body: json(accountInput.address),
    errors: ['INVALID_REQUEST', 'RATE_LIMITED', 'KEYCLOAK_REQUIRED', 'KEYCLOAK_UNAVAILABLE'],
  },
]
