import { z } from 'zod'
import { paging } from '../../platform/http/read-input.ts'
import { RESOURCE_VERSION } from '../../platform/keycloak/people/resource-version.ts'
import { listOf } from '../list-of.ts'
import { opaqueId } from '../opaque-id.ts'
import { plainText } from '../plain-text.ts'

const flag = z.boolean('must be true or false')
const query = (max: number) => plainText(max).optional()
const switched = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((value) => value === 'true')
  .optional()

const username = plainText(255)
  .refine((value) => !/\s/.test(value), 'must not have blanks')
  .refine((value) => !value.toLowerCase().startsWith('service-account-'), 'is kept for service clients')
const email = plainText(254).regex(/^[^\s@]+@[^\s@]+$/, 'is not an e-mail address')
const attributes = z
  .record(plainText(255), listOf(plainText(2_048), 20), 'must be an object of lists of texts')
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 attributes')
const requiredActions = listOf(plainText(100), 20)
const password = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(256, 'must have at most 256 characters')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
const version = z.string('must be a text').regex(RESOURCE_VERSION, 'is not the version of a user')
const role = plainText(512).regex(
  /^(realm|client:[^:]+):.+$/s,
  'must be written realm:<role> or client:<client>:<role>',
)

const profile = {
  email: email.nullable(),
  firstName: plainText(255).nullable(),
  lastName: plainText(255).nullable(),
  enabled: flag,
  emailVerified: flag,
}

/** What the endpoints for users read; all of it strict. */
export const userInput = {
  user: z.strictObject({ id: opaqueId }),
  membership: z.strictObject({ id: opaqueId, groupId: opaqueId }),
  list: z
    .strictObject({
      ...paging,
      search: query(255),
      username: query(255),
      email: query(255),
      firstName: query(255),
      lastName: query(255),
      enabled: switched,
      emailVerified: switched,
      exact: switched,
    })
    .superRefine(({ search, ...filter }, context) => {
      if (search === undefined) return
      for (const field of ['username', 'email', 'firstName', 'lastName', 'exact'] as const)
        if (filter[field] !== undefined)
          context.addIssue({ code: 'custom', path: [field], message: 'cannot be combined with search' })
    }),
  create: z
    .strictObject({
      username,
      email: profile.email.default(null),
      firstName: profile.firstName.default(null),
      lastName: profile.lastName.default(null),
      enabled: flag.default(true),
      emailVerified: flag.default(false),
      attributes: attributes.default({}),
      requiredActions: requiredActions.default([]),
      password: password.optional(),
      temporary: flag.optional(),
    })
    .refine(({ password: value, temporary }) => value !== undefined || temporary === undefined, {
      message: 'has no meaning without a password',
      path: ['temporary'],
    }),
  /** The whole profile: whoever replaces it says every member, so that none is lost by being forgotten. */
  replace: z.strictObject({
    ...profile,
    username: username.optional(),
    attributes: attributes.optional(),
    version: version.optional(),
  }),
  change: z
    .strictObject({
      username: username.optional(),
      email: profile.email.optional(),
      firstName: profile.firstName.optional(),
      lastName: profile.lastName.optional(),
      enabled: flag.optional(),
      emailVerified: flag.optional(),
      attributes: attributes.optional(),
      version: version.optional(),
    })
    .refine(({ version: _, ...changes }) => Object.keys(changes).length > 0, 'must name something to change'),
  password: z.strictObject({ password, temporary: flag.default(true) }),
  requiredActions: z.strictObject({ requiredActions, version: version.optional() }),
  roles: z.strictObject({ roles: listOf(role, 50).min(1, 'must name at least one role') }),
  nothing: z.strictObject({}),
}
