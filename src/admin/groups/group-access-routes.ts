import { type RequestHandler, Router } from 'express'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readInput, readQuery } from '../../platform/http/read-input.ts'
import { requestVersion } from '../../platform/keycloak/people/request-version.ts'
import { type Administrator, administratorOf, answer } from '../administrator.ts'
import { shownRoles } from '../shown-roles.ts'
import type { AssignToGroups } from './assign-to-groups.ts'
import { groupInput } from './group-input.ts'
import type { ReadGroups } from './read-groups.ts'

/** Who is in which group is a thing of users: the one way to change it comes from where they are administered. */
export interface Membership {
  /** @throws GatewayError USER_NOT_FOUND, GROUP_NOT_FOUND */
  join(by: Administrator, userId: string, groupId: string): Promise<void>
  leave(by: Administrator, userId: string, groupId: string): Promise<void>
}

export interface GroupAccessRoutesParts {
  read: ReadGroups
  assign: AssignToGroups
  membership: Membership
  jsonBody: RequestHandler[]
}

/** Who is in a group, and what they hold by it. */
export function groupAccessRoutes({ read, assign, membership, jsonBody }: GroupAccessRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })

  router
    .route('/groups/:id/members')
    .get(async function listMembers(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const page = readQuery(groupInput.page, req)
      const { rows, more } = await read.members(id, page)
      answer(req, res, 'Members found', { members: rows, more, ...page })
    })
    .all(onlyThese('GET, HEAD'))

  router
    .route('/groups/:id/members/:userId')
    .put(...jsonBody, async function addMember(req, res) {
      const { id, userId } = readInput(groupInput.member, req.params)
      readInput(groupInput.nothing.default({}), req.body)
      await membership.join(administratorOf(req), userId, id)
      answer(req, res, 'User put into the group', { user: userId, group: id })
    })
    .delete(async function removeMember(req, res) {
      const { id, userId } = readInput(groupInput.member, req.params)
      readQuery(groupInput.nothing, req)
      await membership.leave(administratorOf(req), userId, id)
      answer(req, res, 'User taken out of the group', { user: userId, group: id })
    })
    .all(onlyThese('PUT, DELETE'))

  router
    .route('/groups/:id/roles')
    .get(async function listRolesOfGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      answer(req, res, 'Roles found', shownRoles(await assign.roles(id)))
    })
    .post(...jsonBody, async function giveRolesToGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const { roles } = readInput(groupInput.roles, req.body)
      answer(
        req,
        res,
        'Roles given',
        shownRoles(await assign.giveRoles(administratorOf(req), id, roles, requestVersion(req, undefined, 'a group'))),
      )
    })
    .delete(...jsonBody, async function takeRolesFromGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const { roles } = readInput(groupInput.roles, req.body)
      answer(
        req,
        res,
        'Roles taken',
        shownRoles(await assign.takeRoles(administratorOf(req), id, roles, requestVersion(req, undefined, 'a group'))),
      )
    })
    .all(onlyThese('GET, HEAD, POST, DELETE'))
  return router
}
