import { z } from 'zod'
import { paging } from '../../platform/http/read-input.ts'
import { RESOURCE_VERSION } from '../../platform/keycloak/resource-version.ts'

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u
const text = (max: number) =>
  z
    .string('must be a text')
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .refine((value) => !CONTROL.test(value), 'must not have control characters')
    .refine((value) => value.trim() === value, 'must not begin or end with a blank')
const flag = z.boolean('must be true or false')
const query = (max: number) => text(max).optional()
const switched = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((value) => value === 'true')
  .optional()
const unique = <T>(items: readonly T[]) => new Set(items).size === items.length
const list = <T extends z.ZodType>(item: T, max: number) =>
  z
    .array(item, 'must be a list')
    .max(max, `must have at most ${max} entries`)
    .refine(unique, 'must not name anything twice')

const username = text(255)
  .refine((value) => !/\s/.test(value), 'must not have blanks')
  .refine((value) => !value.toLowerCase().startsWith('service-account-'), 'is kept for service clients')
const email = text(254).regex(/^[^\s@]+@[^\s@]+$/, 'is not an e-mail address')
const attributes = z
  .record(text(255), list(text(2_048), 20), 'must be an object of lists of texts')
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 attributes')
const requiredActions = list(text(100), 20)
const password = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(256, 'must have at most 256 characters')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
const version = z.string('must be a text').regex(RESOURCE_VERSION, 'is not the version of a user')
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not an id')
const role = text(512).regex(/^(realm|client:[^:]+):.+$/s, 'must be written realm:<role> or client:<client>:<role>')

const profile = {
  email: email.nullable(),
  firstName: text(255).nullable(),
  lastName: text(255).nullable(),
  enabled: flag,
  emailVerified: flag,
}

/** What the endpoints for users read; all of it strict. */
export const userInput = {
  user: z.strictObject({ id }),
  membership: z.strictObject({ id, groupId: id }),
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
  requiredActions: z.strictObject({ requiredActions }),
  roles: z.strictObject({ roles: list(role, 50).min(1, 'must name at least one role') }),
  nothing: z.strictObject({}),
}
