import { z } from 'zod'
import { paging } from '../../platform/http/read-input.ts'
import { RESOURCE_VERSION } from '../../platform/keycloak/people/resource-version.ts'
import { listOf } from '../list-of.ts'
import { opaqueId } from '../opaque-id.ts'
import { plainText } from '../plain-text.ts'

// Keycloak takes a slash as it is: the group `staff/support` would have the path of group `support` below `staff`.
const name = plainText(255).refine(
  (value) => !value.includes('/'),
  'must not have slashes: they part the names of a path',
)
const description = plainText(255).nullable()
const attributes = z
  .record(plainText(255), listOf(plainText(255), 20, 1), 'must be an object of lists of texts')
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 attributes')
const version = z.string('must be a text').regex(RESOURCE_VERSION, 'is not the version of a group').optional()
const search = plainText(255, 'must come once').optional()
const role = plainText(512).regex(
  /^(realm|client:[^:]+):.+$/s,
  'must be written realm:<role> or client:<client>:<role>',
)

/** What the endpoints for groups read; all of it strict. */
export const groupInput = {
  list: z.strictObject({ ...paging, search }),
  user: z.strictObject({ id: opaqueId }),
  group: z.strictObject({ id: opaqueId }),
  member: z.strictObject({ id: opaqueId, userId: opaqueId }),
  page: z.strictObject(paging),
  create: z.strictObject({
    name,
    description: description.default(null),
    attributes: attributes.default({}),
    parentId: opaqueId.nullable().default(null),
  }),
  /** All of it: whoever replaces it says every member, so that none is lost by being forgotten. */
  replace: z.strictObject({ name, description, attributes, version }),
  change: z
    .strictObject({
      name: name.optional(),
      description: description.optional(),
      attributes: attributes.optional(),
      version,
    })
    .refine(({ version: _, ...changes }) => Object.keys(changes).length > 0, 'must name something to change'),
  /** `null` is the top. */
  parent: z.strictObject({ parentId: opaqueId.nullable(), version }),
  remove: z.strictObject({
    withContents: z
      .enum(['true', 'false'], 'must be true or false')
      .transform((value) => value === 'true')
      .optional(),
  }),
  roles: z.strictObject({ roles: listOf(role, 50, 1) }),
  nothing: z.strictObject({}),
}
