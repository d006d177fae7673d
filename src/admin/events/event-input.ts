import { isIP } from 'node:net'
import { z } from 'zod'
import { paging } from '../../platform/http/read-input.ts'
import { ADMIN_OPERATIONS, ADMIN_RESOURCE_TYPES, USER_EVENT_TYPES } from '../../platform/keycloak/events/event-types.ts'
import { plainText } from '../plain-text.ts'

const text = plainText(255, 'must come once')
const time = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-01-31T09:30:00Z' })
  .transform((value) => Date.parse(value))
const ip = z.string('must come once').refine((value) => isIP(value) !== 0, 'must be a whole IP address')
const MAX_NAMES = 20

/** A comma list of names that Keycloak knows: to any other it answers with an error of its own. */
function names(known: ReadonlySet<string>, what: string) {
  return z
    .string('must come once')
    .max(1_000, 'must have at most 1000 characters')
    .transform((value, context) => {
      const list = value.split(',')
      const wrong = list.filter((name) => !known.has(name))
      if (wrong.length > 0)
        context.addIssue({
          code: 'custom',
          message: `must be names of ${what} in capitals with commas between; not known: ${wrong
            .slice(0, 3)
            .map((name) => JSON.stringify(name.slice(0, 64)))
            .join(', ')}`,
        })
      if (list.length > MAX_NAMES || new Set(list).size < list.length)
        context.addIssue({ code: 'custom', message: `must be at most ${MAX_NAMES} names, each once` })
      return list
    })
    .meta({ description: `Comma list of ${what}, such as \`${[...known].slice(0, 2).join(',')}\`` })
}

const range = { ...paging, ip: ip.optional(), from: time.optional(), to: time.optional() }
const inOrder = ({ from, to }: { from?: number | undefined; to?: number | undefined }) =>
  from === undefined || to === undefined || from <= to
const OUT_OF_ORDER = { message: 'must not be before `from`', path: ['to'] }

/** What the endpoints for events read; all of it strict. */
export const eventInput = {
  logins: z
    .strictObject({
      ...range,
      type: names(USER_EVENT_TYPES, 'event types').optional(),
      user: text.optional().meta({ description: 'The id of a user; a name finds nothing.' }),
      client: text.optional().meta({ description: 'A whole client id, letter by letter.' }),
    })
    .refine(inOrder, OUT_OF_ORDER),
  adminActs: z
    .strictObject({
      ...range,
      operation: names(ADMIN_OPERATIONS, 'operations').optional(),
      resourceType: names(ADMIN_RESOURCE_TYPES, 'resource types').optional(),
      actor: text.optional().meta({ description: 'The id of the user who did it; a name finds nothing.' }),
      path: text
        .regex(/^[\w./:@*~-]+$/, 'must be a path below the realm such as users/*, with * for anything')
        .optional(),
    })
    .refine(inOrder, OUT_OF_ORDER),
}
