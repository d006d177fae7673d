import { type Request, type RequestHandler, Router } from 'express'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readInput, readQuery } from '../../platform/http/read-input.ts'
import { requestVersion } from '../../platform/keycloak/people/request-version.ts'
import { administratorOf, answer } from '../administrator.ts'
import { answerMaybeStale } from '../answer-maybe-stale.ts'
import { shownRoles } from '../shown-roles.ts'
import type { AssignToUsers } from './assign-to-users.ts'
import type { ReadUsers } from './read-users.ts'
import type { SecureUsers } from './secure-users.ts'
import { userInput } from './user-input.ts'
import { withVersion } from './versioned-user.ts'

export interface UserAccessRoutesParts {
  read: Pick<ReadUsers, 'roles'>
  secure: SecureUsers
  assign: AssignToUsers
  jsonBody: RequestHandler[]
}

/** What users sign in with, and what they may do: passwords, required actions, locks, roles, groups. */
export function userAccessRoutes({ read, secure, assign, jsonBody }: UserAccessRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const versionIn = (req: Request, inBody?: string) => requestVersion(req, inBody, 'a user')

  router
    .route('/users/:id/password')
    .put(...jsonBody, async function setPassword(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const { password: value, temporary } = readInput(userInput.password, req.body)
      const sessions = await secure.setPassword(administratorOf(req), id, { value, temporary }, versionIn(req))
      answer(req, res, 'Password set; all sessions have ended', { temporary, sessions })
    })
    .all(onlyThese('PUT'))

  router
    .route('/users/:id/required-actions')
    .put(...jsonBody, async function requireActions(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const { requiredActions, version } = readInput(userInput.requiredActions, req.body)
      const known = versionIn(req, version)
      const user = withVersion(await secure.requireActions(administratorOf(req), id, requiredActions, known))
      res.setHeader('ETag', `"${user.version}"`)
      answer(req, res, 'Required actions set', { user })
    })
    .all(onlyThese('PUT'))

  router
    .route('/users/:id/lock')
    .get(async function readLock(req, res) {
      const { id } = readInput(userInput.user, req.params)
      answer(req, res, 'State of the lock', { lock: await secure.lock(id) })
    })
    .delete(async function liftLock(req, res) {
      const { id } = readInput(userInput.user, req.params)
      readQuery(userInput.nothing, req)
      answer(req, res, 'Lock lifted', { lock: await secure.unlock(administratorOf(req), id, versionIn(req)) })
    })
    .all(onlyThese('GET, HEAD, DELETE'))

  router
    .route('/users/:id/credentials')
    .get(async function listCredentials(req, res) {
      const { id } = readInput(userInput.user, req.params)
      readQuery(userInput.nothing, req)
      answer(req, res, 'Credentials found', { credentials: await secure.credentials(id) })
    })
    .all(onlyThese('GET, HEAD'))

  router
    .route('/users/:id/roles')
    .get(async function listRolesOfUser(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const found = await read.roles(id)
      answerMaybeStale(req, res, 'Roles found', found, shownRoles(found.value))
    })
    .post(...jsonBody, async function giveRoles(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const { roles } = readInput(userInput.roles, req.body)
      answer(
        req,
        res,
        'Roles given',
        shownRoles(await assign.giveRoles(administratorOf(req), id, roles, versionIn(req))),
      )
    })
    .delete(...jsonBody, async function takeRoles(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const { roles } = readInput(userInput.roles, req.body)
      answer(
        req,
        res,
        'Roles taken',
        shownRoles(await assign.takeRoles(administratorOf(req), id, roles, versionIn(req))),
      )
    })
    .all(onlyThese('GET, HEAD, POST, DELETE'))

  router
    .route('/users/:id/groups/:groupId')
    .put(...jsonBody, async function joinGroup(req, res) {
      const { id, groupId } = readInput(userInput.membership, req.params)
      readInput(userInput.nothing.default({}), req.body)
      await assign.join(administratorOf(req), id, groupId, versionIn(req))
      answer(req, res, 'User put into the group', { user: id, group: groupId })
    })
    .delete(async function leaveGroup(req, res) {
      const { id, groupId } = readInput(userInput.membership, req.params)
      readQuery(userInput.nothing, req)
      await assign.leave(administratorOf(req), id, groupId, versionIn(req))
      answer(req, res, 'User taken out of the group', { user: id, group: groupId })
    })
    .all(onlyThese('PUT, DELETE'))
  return router
}
