import { z } from 'zod'
import { paging } from '../../platform/http/read-input.ts'
import { RESOURCE_VERSION } from '../../platform/keycloak/people/resource-version.ts'
import { listOf } from '../list-of.ts'
import { opaqueId } from '../opaque-id.ts'
import { plainText } from '../plain-text.ts'

/** Keycloak's columns; more than that is an error 500 there. */
const LONGEST = 255
const text = plainText(LONGEST)

const name = text
  .refine((value) => value.normalize('NFC') === value, 'must be in the Unicode form NFC')
  // Keycloak itself cannot be asked about such a role any more: they lead to another place in an address.
  .refine((value) => value !== '.' && value !== '..', 'must not be a single or double dot')
const description = text.nullable()
const attributes = z
  .record(text, listOf(text, 20, 1), 'must be an object of lists of texts')
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 attributes')
const version = z.string('must be a text').regex(RESOURCE_VERSION, 'is not the version of a role')
const client = plainText(LONGEST, 'must come once')
const key = z
  .string('must be a text')
  .max(2 * LONGEST + 10, 'is too long')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
  .regex(/^(realm|client:[^:]+):.+$/s, 'must be written realm:<role> or client:<client>:<role>')
const keys = listOf(key, 50)

/** What the endpoints for roles read; all of it strict. */
export const roleInput = {
  role: z.strictObject({ id: opaqueId }),
  list: z.strictObject({
    ...paging,
    search: text.optional(),
    client: client.optional().meta({ description: 'Roles of this client, by its client id; otherwise of the realm.' }),
  }),
  page: z.strictObject(paging),
  create: z.strictObject({
    name,
    client: client.nullable().default(null),
    description: description.default(null),
    attributes: attributes.default({}),
    composites: keys.default([]),
  }),
  change: z
    .strictObject({
      name: name.optional(),
      description: description.optional(),
      attributes: attributes.optional(),
      version: version.optional(),
    })
    .refine(({ version: _, ...changes }) => Object.keys(changes).length > 0, 'must name something to change'),
  composites: z.strictObject({ roles: keys.min(1, 'must name at least one role'), version: version.optional() }),
  remove: z.strictObject({
    force: z
      .enum(['true', 'false'], 'must be true or false')
      .transform((value) => value === 'true')
      .optional(),
  }),
  nothing: z.strictObject({}),
}
