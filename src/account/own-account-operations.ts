import { z } from 'zod'
import { endReportSchema } from '../identity/session/session-schema.ts'
import type { Operation } from '../platform/http/operation.ts'
import { accountInput } from './account-input.ts'

const tag = 'Own account'
const who = 'session or bearer'
const time = z.iso.datetime()
const json = <T extends z.ZodType>(schema: T) => ({ schema, type: 'application/json' }) as const

const ETag = 'The version, as `If-Match` takes it'
const profile = z
  .object({
    id: z.string(),
    username: z.string(),
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    createdAt: time.nullable(),
    mayChangeUsername: z.boolean(),
    version: z
      .string()
      .meta({ description: 'To be sent back with a change, as it is or as `If-Match`; 409 when it is outdated.' }),
  })
  .meta({ id: 'OwnProfile' })
const credential = z
  .object({ id: z.string(), type: z.string(), label: z.string().nullable(), createdAt: time.nullable() })
  .meta({ id: 'Credential' })
const consent = z
  .object({ clientId: z.string(), scopes: z.array(z.string()), createdAt: time.nullable() })
  .meta({ id: 'Consent' })
const PROOF =
  'Needs `currentPassword` (and `otp` where there is an authenticator app), or a sign-in of the last five minutes; else 401 with the address to sign in at.'

/** The caller's own account. */
export const ownAccountOperations: readonly Operation[] = [
  {
    id: 'readOwnProfile',
    method: 'get',
    path: '{prefix}/users/me',
    ...{ tag, who },
    summary: 'Your account, as Keycloak has it now',
    answers: { 200: { description: 'The account', headers: { ETag }, data: z.object({ user: profile }) } },
    errors: ['NOT_A_PERSON', 'USER_NOT_FOUND', 'KEYCLOAK_UNAVAILABLE'],
  },
  {
    id: 'updateOwnProfile',
    method: 'put',
    path: '{prefix}/users/me',
    ...{ tag, who },
    summary: 'Changes names; begins a change of the e-mail address',
    description:
      'A new `email` does not count yet: a link is mailed to the present address, where the new one is asked for, and then to the new one. `username` only where `mayChangeUsername`.',
    body: json(accountInput.profile),
    answers: {
      200: {
        description: 'The account as it is now',
        headers: { ETag },
        data: z.object({ user: profile, emailChange: z.literal('mailed').nullable() }),
      },
    },
    errors: [
      ...(['INVALID_REQUEST', 'NOT_A_PERSON', 'USER_NOT_FOUND', 'VERSION_CONFLICT', 'ACCOUNT_TAKEN'] as const),
      ...(['EMAIL_CHANGE_UNAVAILABLE', 'CHANGE_IN_PROGRESS', 'COORDINATION_UNAVAILABLE'] as const),
      ...(['AUDIT_UNAVAILABLE', 'KEYCLOAK_UNAVAILABLE'] as const),
    ],
  },
  {
    id: 'closeOwnAccount',
    method: 'delete',
    path: '{prefix}/users/me',
    ...{ tag, who },
    summary: 'Gives the account up: disabled, signed out everywhere, every token worthless',
    description: `${PROOF} An administrator can bring the account back; the last one cannot leave.`,
    body: json(accountInput.proof),
    answers: { 200: { description: 'It is closed', data: endReportSchema } },
    errors: [
      ...(['INVALID_REQUEST', 'NOT_A_PERSON', 'PASSWORD_WRONG', 'STEP_UP_REQUIRED', 'RATE_LIMITED'] as const),
      'LAST_ADMINISTRATOR',
      ...(['PROVIDER_FEATURE_MISSING', 'AUDIT_UNAVAILABLE', 'KEYCLOAK_UNAVAILABLE'] as const),
    ],
  },
  {
    id: 'changeOwnPassword',
    method: 'patch',
    path: '{prefix}/users/me/password',
    ...{ tag, who },
    summary: 'Changes your password and ends all your other sessions',
    description:
      '400 `PASSWORD_REFUSED` names every rule that the new password breaks. A wrong current password is 403 and counts like a failed sign-in. With a bearer token all sessions in browsers end, and the token is worth nothing soon after.',
    body: json(accountInput.password),
    answers: { 200: { description: 'It was changed', data: endReportSchema } },
    errors: [
      ...(['INVALID_REQUEST', 'NOT_A_PERSON', 'PASSWORD_REFUSED', 'PASSWORD_WRONG', 'RATE_LIMITED'] as const),
      ...(['PROVIDER_FEATURE_MISSING', 'AUDIT_UNAVAILABLE', 'KEYCLOAK_UNAVAILABLE'] as const),
    ],
  },
  {
    id: 'listOwnCredentials',
    method: 'get',
    path: '{prefix}/users/me/credentials',
    ...{ tag, who },
    summary: 'What you sign in with: password, authenticator apps, passkeys',
    answers: { 200: { description: 'The credentials', data: z.object({ credentials: z.array(credential) }) } },
    errors: ['NOT_A_PERSON', 'KEYCLOAK_UNAVAILABLE'],
  },
  {
    id: 'removeOwnCredential',
    method: 'delete',
    path: '{prefix}/users/me/credentials/{id}',
    ...{ tag, who },
    summary: 'Removes an authenticator app or a passkey',
    description: `${PROOF} A password is changed, never removed.`,
    params: accountInput.credential,
    body: json(accountInput.proof),
    answers: { 200: { description: 'It was removed', data: z.object({ credential }) } },
    errors: [
      ...(['INVALID_REQUEST', 'NOT_A_PERSON', 'CREDENTIAL_NOT_FOUND', 'LAST_CREDENTIAL', 'PASSWORD_WRONG'] as const),
      ...(['STEP_UP_REQUIRED', 'RATE_LIMITED', 'PROVIDER_FEATURE_MISSING', 'AUDIT_UNAVAILABLE'] as const),
      'KEYCLOAK_UNAVAILABLE',
    ],
  },
  {
    id: 'listOwnConsents',
    method: 'get',
    path: '{prefix}/users/me/consents',
    ...{ tag, who },
    summary: 'Applications that you have let in, and what they may see',
    answers: { 200: { description: 'The consents', data: z.object({ consents: z.array(consent) }) } },
    errors: ['NOT_A_PERSON', 'KEYCLOAK_UNAVAILABLE'],
  },
  {
    id: 'withdrawOwnConsent',
    method: 'delete',
    path: '{prefix}/users/me/consents/{clientId}',
    ...{ tag, who },
    summary: 'Takes a consent back, and the tokens of that application with it',
    params: accountInput.consent,
    answers: { 200: { description: 'It was withdrawn', data: z.object({ clientId: z.string() }) } },
    errors: ['NOT_A_PERSON', 'CONSENT_NOT_FOUND', 'AUDIT_UNAVAILABLE', 'KEYCLOAK_UNAVAILABLE'],
  },
]
