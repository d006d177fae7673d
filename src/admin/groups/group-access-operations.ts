import { z } from 'zod'
import type { Operation } from '../../platform/http/operation.ts'
import { userSummary } from '../user-summary.ts'
import { groupInput } from './group-input.ts'
import { READING_ONE, WRITING_ONE } from './shown-group.ts'

const here = { tag: 'Administration: groups', who: 'administrator' as const }
const json = (schema: z.ZodType) => ({ schema, type: 'application/json' as const })
const member = userSummary.meta({ id: 'GroupMember' })
const role = z
  .object({
    role: z.string().meta({ description: '`realm:<role>` or `client:<client>:<role>`' }),
    description: z.string().nullable(),
  })
  .meta({ id: 'RoleOfGroup' })
const roles = z.object({
  direct: z.array(role),
  effective: z.array(role).meta({ description: 'Through the groups above and composites too.' }),
})
const membership = z.object({ user: z.string(), group: z.string() })
const customer = { role: 'realm:customer', description: 'May use the orders API.' }
const changedRoles = (description: string) => ({
  200: { description, data: roles, example: { direct: [customer], effective: [customer] } },
})
const assigning = {
  params: groupInput.group,
  body: json(groupInput.roles),
  errors: [...WRITING_ONE, 'GROUP_TOO_LARGE', 'LAST_ADMINISTRATOR', 'CHANGE_INCOMPLETE'],
} as const

/** Who is in a group, and what they hold by it. */
export const groupAccessOperations: readonly Operation[] = [
  {
    ...here,
    id: 'listMembersOfGroup',
    method: 'get',
    path: '{prefix}/admin/groups/{id}/members',
    summary: 'Who is in a group directly',
    params: groupInput.group,
    query: groupInput.page,
    answers: {
      200: {
        description: 'A page of users',
        data: z.object({ members: z.array(member), more: z.boolean(), first: z.int(), max: z.int() }),
      },
    },
    errors: READING_ONE,
  },
  {
    ...here,
    id: 'putMemberIntoGroup',
    method: 'put',
    path: '{prefix}/admin/groups/{id}/members/{userId}',
    summary: 'Puts a user into a group, seen from the group',
    params: groupInput.member,
    answers: { 200: { description: 'The membership', data: membership } },
    errors: [...WRITING_ONE, 'USER_NOT_FOUND'],
  },
  {
    ...here,
    id: 'takeMemberOutOfGroup',
    method: 'delete',
    path: '{prefix}/admin/groups/{id}/members/{userId}',
    summary: 'Takes a user out of a group, seen from the group',
    params: groupInput.member,
    answers: { 200: { description: 'What was the membership', data: membership } },
    errors: [...WRITING_ONE, 'USER_NOT_FOUND', 'LAST_ADMINISTRATOR'],
  },
  {
    ...here,
    id: 'listRolesOfGroup',
    method: 'get',
    path: '{prefix}/admin/groups/{id}/roles',
    summary: 'Roles that members of a group hold by it',
    params: groupInput.group,
    answers: changedRoles('Given directly, and all that are held'),
    errors: READING_ONE,
  },
  {
    ...here,
    ...assigning,
    id: 'giveRolesToGroup',
    method: 'post',
    path: '{prefix}/admin/groups/{id}/roles',
    summary: 'Gives roles to a group, all of them or none',
    description:
      'Needs `roles.assign` too: everybody in the group, and in the groups below it, gets them. Nobody gives what they lack, or what they would get themselves by it.',
    answers: changedRoles('The roles now'),
  },
  {
    ...here,
    ...assigning,
    id: 'takeRolesFromGroup',
    method: 'delete',
    path: '{prefix}/admin/groups/{id}/roles',
    summary: 'Takes roles from a group, all of them or none',
    description: 'Needs `roles.assign` too.',
    answers: changedRoles('The roles now'),
  },
]
