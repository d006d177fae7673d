import { z } from 'zod'
import { SERVICE_ACCOUNT } from '../access/permissions.ts'
import { RESOURCE_VERSION } from '../platform/keycloak/people/resource-version.ts'

/** @param most in units of UTF-16, as Keycloak counts: an emoji is two */
const text = (most: number) =>
  z
    .string('must be text')
    .max(most, { error: `must have at most ${most} characters`, abort: true })
    .refine((value) => value.length <= most, `must have at most ${most} characters`)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')

const name = text(255).transform((value) => value.trim().normalize('NFC'))
/** Never trimmed or normalized: what was typed is what counts. */
const password = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(1024, 'must have at most 1024 characters')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
const email = text(255)
  .transform((value) => value.trim().toLowerCase())
  .refine((value) => /^[^\s@<>]+@[^\s@<>]+$/.test(value), 'must be an e-mail address')
/** Keycloak's name for the user behind a service client begins so, and administrators do not touch those. */
const isNoService = (value: string) => !value.toLowerCase().startsWith(SERVICE_ACCOUNT)
const FOR_SERVICES = 'is kept for service clients'
const otp = z.string('must be text').regex(/^\d{4,12}$/, 'must be the digits that the authenticator app shows')

const proof = {
  currentPassword: password.optional(),
  otp: otp.optional(),
}

/** What the endpoints of the own account read. */
export const accountInput = {
  nothing: z.strictObject({}),
  profile: z.strictObject({
    version: z
      .string('must be the version that was read')
      .regex(RESOURCE_VERSION, 'must be the version that was read')
      .optional()
      .meta({ description: 'Needed here or as `If-Match`.' }),
    firstName: name,
    lastName: name,
    email: email.optional(),
    username: name
      .refine((value) => value.length >= 1, 'must not be empty')
      .refine(isNoService, FOR_SERVICES)
      .optional(),
  }),
  password: z.strictObject({ currentPassword: password, newPassword: password, otp: otp.optional() }),
  proof: z.strictObject(proof).default({}),
  credential: z.strictObject({ id: z.string().regex(/^[\w-]{1,64}$/, 'is not the id of a credential') }),
  consent: z.strictObject({ clientId: z.string().regex(/^[\x21-\x7e]{1,255}$/, 'is not the id of a client') }),
  registration: z.strictObject({
    email: email.refine(isNoService, FOR_SERVICES),
    password,
    firstName: name,
    lastName: name,
  }),
  address: z.strictObject({ email }),
}

export type ProfileInput = z.output<typeof accountInput.profile> & { version: string }
export type PasswordInput = z.output<typeof accountInput.password>
export type ProofInput = z.output<typeof accountInput.proof>
export type RegistrationInput = z.output<typeof accountInput.registration>
