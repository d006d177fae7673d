import { z } from 'zod'
import type { Operation } from '../../platform/http/operation.ts'
import { groupInput } from './group-input.ts'
import { groupExample, listedGroup, READING_ONE, shownGroup, WRITING_ONE } from './shown-group.ts'

const here = { tag: 'Administration: groups', who: 'administrator' as const }
const json = (schema: z.ZodType) => ({ schema, type: 'application/json' as const })
const single = z.object({ group: shownGroup })
const ETag = 'The version, as `If-Match` takes it'
const RULES =
  'It is refused for a group through which administrative roles of Keycloak or permissions that the caller lacks are held.'
const ofUser = z.object({ groups: z.array(listedGroup) })
const withGroup = (description: string) => ({
  200: { description, headers: { ETag }, data: single, example: { group: groupExample } },
})

/** Groups of the realm: find, read, create, change, move, delete. */
export const groupOperations: readonly Operation[] = [
  {
    ...here,
    id: 'listGroups',
    method: 'get',
    path: '{prefix}/admin/groups',
    summary: 'Groups of the realm',
    description: 'Those at the top; with `search` those whose names match, inside of the groups above them.',
    query: groupInput.list,
    answers: {
      200: {
        description: 'A page of groups',
        data: z.object({ groups: z.array(listedGroup), total: z.int(), first: z.int(), max: z.int() }),
      },
    },
    errors: READING_ONE.filter((code) => code !== 'GROUP_NOT_FOUND'),
  },
  {
    ...here,
    id: 'listGroupsOfUser',
    method: 'get',
    path: '{prefix}/admin/users/{id}/groups',
    summary: 'Groups of a user',
    params: groupInput.user,
    answers: { 200: { description: 'The groups', data: ofUser } },
    errors: ['USER_NOT_FOUND', ...READING_ONE.filter((code) => code !== 'GROUP_NOT_FOUND')],
  },
  {
    ...here,
    id: 'createGroup',
    method: 'post',
    path: '{prefix}/admin/groups',
    summary: 'Creates a group at the top or below another one',
    description: `Names have no slashes, because Keycloak would make two groups of the same path. ${RULES} The same holds for a group above.`,
    body: json(groupInput.create),
    answers: {
      201: {
        description: 'The group',
        headers: { Location: 'Its address', ETag },
        data: single,
        example: { group: groupExample },
      },
    },
    errors: [...WRITING_ONE, 'GROUP_EXISTS'],
  },
  {
    ...here,
    id: 'readGroup',
    method: 'get',
    path: '{prefix}/admin/groups/{id}',
    summary: 'One group',
    params: groupInput.group,
    answers: {
      200: {
        description: 'The group, and how many are in it directly',
        headers: { ETag },
        data: single.extend({
          members: z.object({
            count: z.int().meta({ description: 'Counted up to a hundred.' }),
            more: z.boolean().meta({ description: 'Whether there are more than that.' }),
          }),
        }),
        example: { group: groupExample, members: { count: 12, more: false } },
      },
    },
    errors: READING_ONE,
  },
  {
    ...here,
    id: 'replaceGroup',
    method: 'put',
    path: '{prefix}/admin/groups/{id}',
    summary: 'Replaces what a group is called and what it says',
    description: `Needs the version that was read, as \`If-Match\` or as \`version\`. ${RULES}`,
    params: groupInput.group,
    body: json(groupInput.replace),
    answers: withGroup('The group as it is now'),
    errors: [...WRITING_ONE, 'GROUP_EXISTS', 'VERSION_CONFLICT', 'GROUP_TOO_LARGE'],
  },
  {
    ...here,
    id: 'changeGroup',
    method: 'patch',
    path: '{prefix}/admin/groups/{id}',
    summary: 'Changes what is named of a group',
    description: `With a version, only when nobody else has changed it since. ${RULES}`,
    params: groupInput.group,
    body: json(groupInput.change),
    answers: withGroup('The group as it is now'),
    errors: [...WRITING_ONE, 'GROUP_EXISTS', 'VERSION_CONFLICT', 'GROUP_TOO_LARGE'],
  },
  {
    ...here,
    id: 'deleteGroup',
    method: 'delete',
    path: '{prefix}/admin/groups/{id}',
    summary: 'Deletes a group',
    description: `One that has members or groups below it only with \`withContents=true\`: the groups below go with it, the members stay without it. ${RULES}`,
    params: groupInput.group,
    query: groupInput.remove,
    answers: {
      200: {
        description: 'It is gone',
        data: z.object({
          deleted: z.object({ groups: z.int().meta({ description: 'With those that were below it.' }) }),
        }),
        example: { deleted: { groups: 1 } },
      },
    },
    errors: [...WRITING_ONE, 'GROUP_NOT_EMPTY', 'GROUP_TOO_LARGE', 'VERSION_CONFLICT', 'LAST_ADMINISTRATOR'],
  },
  {
    ...here,
    id: 'moveGroup',
    method: 'put',
    path: '{prefix}/admin/groups/{id}/parent',
    summary: 'Moves a group below another one, or to the top',
    description: `With all groups below it. Members get what is held through the groups above the new place, so the caller must be allowed to give that, and lose what was held through those above the old one. ${RULES}`,
    params: groupInput.group,
    body: json(groupInput.parent),
    answers: withGroup('The group as it is now'),
    errors: [
      ...WRITING_ONE,
      ...(['GROUP_EXISTS', 'GROUP_LOOP', 'GROUP_TOO_LARGE', 'VERSION_CONFLICT'] as const),
      ...(['LAST_ADMINISTRATOR', 'CHANGE_INCOMPLETE'] as const),
    ],
  },
  {
    ...here,
    id: 'listGroupsBelow',
    method: 'get',
    path: '{prefix}/admin/groups/{id}/children',
    summary: 'Groups right below a group',
    params: groupInput.group,
    query: groupInput.list,
    answers: {
      200: {
        description: 'A page of groups',
        data: z.object({ groups: z.array(shownGroup), more: z.boolean(), first: z.int(), max: z.int() }),
        example: { groups: [groupExample], more: false, first: 0, max: 20 },
      },
    },
    errors: READING_ONE,
  },
]
