import { z } from 'zod'
import type { ErrorCode } from '../../platform/errors/error-codes.ts'
import { expectedErrors } from '../expected-errors.ts'

/** A group in the list of the realm; while searching with the groups below that match or lead to one that does. */
export const listedGroup = z
  .object({
    id: z.string(),
    name: z.string(),
    path: z.string().meta({ description: 'Full path.' }),
    get subGroups() {
      return z.array(listedGroup)
    },
  })
  .meta({ id: 'Group' })

/** A group with everything administrators see. */
export const shownGroup = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    path: z.string().meta({ description: 'Names of the groups above and its own, each after a slash.' }),
    parentId: z.string().nullable().meta({ description: 'The group above; null at the top.' }),
    subGroupCount: z.int().meta({ description: 'How many groups are right below.' }),
    attributes: z.record(z.string(), z.array(z.string())),
    version: z.string().meta({
      description: 'Of name, description, attributes and place. A change that is based on it says so.',
    }),
  })
  .meta({ id: 'GroupDetail' })

export const groupExample = {
  id: '0d7a3f58-6a3e-4f0e-9c53-0b1de0a2c9b7',
  ...{ name: 'support', description: 'Answers the phone', path: '/staff/support' },
  ...{ parentId: '5b7c1c0e-58f0-4d9f-8b1c-7f6f0a7a4c11', subGroupCount: 0, attributes: { floor: ['3'] } },
  version: 'b1946a.c9249e.0cbc66.4fc82b',
}

/** Of every read and every write of one group. */
export const READING_ONE: readonly ErrorCode[] = [...expectedErrors.reading, 'GROUP_NOT_FOUND']
export const WRITING_ONE: readonly ErrorCode[] = [...expectedErrors.writing, 'GROUP_NOT_FOUND']
