import { z } from 'zod'
import { paging } from '../../platform/http/read-input.ts'
import { RESOURCE_VERSION } from '../../platform/keycloak/people/resource-version.ts'
import { opaqueId } from '../opaque-id.ts'
import { plainText } from '../plain-text.ts'
import { isBuiltInScope } from './built-in-scope.ts'
import { isUnknownPermission } from './permissions-behind.ts'

const flag = z.boolean('must be true or false')

/** `scope-token` of RFC 6749 section 3.3. */
const name = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .regex(
    /^[\x21\x23-\x5b\x5d-\x7e]*$/,
    'must have visible ASCII characters only, without blanks, quotation marks and backslashes (RFC 6749 section 3.3)',
  )
  .refine((value) => !isBuiltInScope(value), 'is kept for the identity provider')
  .refine(
    (value) => !isUnknownPermission(value),
    'begins with admin:, which is kept for permissions of the gateway, and there is none of this name',
  )
const line = plainText(255).nullable()
const version = z.string('must be a text').regex(RESOURCE_VERSION, 'is not the version of a scope').optional()
const role = plainText(512).regex(
  /^(realm|client:[^:]+):.+$/s,
  'must be written realm:<role> or client:<client>:<role>',
)
const roles = z
  .array(role, 'must be a list')
  .max(50, 'must have at most 50 entries')
  .refine((items) => new Set(items).size === items.length, 'must not name anything twice')

/** What the endpoints for scopes read; all of it strict. */
export const scopeInput = {
  scope: z.strictObject({ id: opaqueId }),
  list: z.strictObject({
    ...paging,
    search: plainText(255)
      .optional()
      .meta({ description: 'A part of the name, the description or the resource, in whatever case.' }),
  }),
  page: z.strictObject(paging),
  create: z.strictObject({
    name,
    description: line.default(null),
    resource: line.default(null).meta({ description: 'What it opens, for people to read.' }),
    includeInTokenScope: flag.default(true),
    showOnConsentScreen: flag.default(true),
    consentText: line.default(null),
    roles: roles.default([]).meta({ description: 'Roles mapped to it from the beginning.' }),
  }),
  /** All of it: whoever replaces it says every member, so that none is lost by being forgotten. */
  replace: z.strictObject({
    name,
    description: line,
    resource: line,
    includeInTokenScope: flag,
    showOnConsentScreen: flag,
    consentText: line,
    version,
  }),
  change: z
    .strictObject({
      name: name.optional(),
      description: line.optional(),
      resource: line.optional(),
      includeInTokenScope: flag.optional(),
      showOnConsentScreen: flag.optional(),
      consentText: line.optional(),
      version,
    })
    .refine(({ version: _, ...changes }) => Object.keys(changes).length > 0, 'must name something to change'),
  roles: z.strictObject({ roles, version }),
  nothing: z.strictObject({}),
}
