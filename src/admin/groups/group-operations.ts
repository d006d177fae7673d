import { z } from 'zod'
import type { Operation } from '../../platform/http/operation.ts'
import { groupInput } from './group-routes.ts'

const TAG = 'Administration: groups'
const group = z
  .object({
    id: z.string(),
    name: z.string(),
    path: z.string().meta({ description: 'Full path.' }),
    get subGroups() {
      return z.array(group)
    },
  })
  .meta({ id: 'Group' })

/** Groups of the realm. */
export const groupOperations: readonly Operation[] = [
  {
    id: 'listGroups',
    method: 'get',
    path: '{prefix}/admin/groups',
    tag: TAG,
    summary: 'Groups of the realm',
    who: 'administrator',
    query: groupInput.list,
    answers: {
      200: {
        description: 'A page of groups',
        data: z.object({ groups: z.array(group), total: z.int(), first: z.int(), max: z.int() }),
      },
    },
    errors: ['KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED', 'KEYCLOAK_REQUIRED'],
  },
  {
    id: 'listGroupsOfUser',
    method: 'get',
    path: '{prefix}/admin/users/{id}/groups',
    tag: TAG,
    summary: 'Groups of a user',
    who: 'administrator',
    params: groupInput.user,
    answers: { 200: { description: 'The groups', data: z.object({ groups: z.array(group) }) } },
    errors: ['USER_NOT_FOUND', 'KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED', 'KEYCLOAK_REQUIRED'],
  },
]
