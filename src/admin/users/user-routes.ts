import type { Request, RequestHandler, Response } from 'express'
import { Router } from 'express'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readInput, readQuery } from '../../platform/http/read-input.ts'
import { requestVersion, requiredVersion } from '../../platform/keycloak/people/request-version.ts'
import { administratorOf, answer } from '../administrator.ts'
import { answerMaybeStale } from '../answer-maybe-stale.ts'
import type { ChangedUser, ChangeUsers } from './change-users.ts'
import type { ReadUsers } from './read-users.ts'
import { userInput } from './user-input.ts'
import { withVersion } from './versioned-user.ts'

export interface UserRoutesParts {
  read: ReadUsers
  change: ChangeUsers
  jsonBody: RequestHandler[]
  /** Without a last slash; for `Location`. */
  prefix: string
}

/** Users: find, read, create, change, enable, disable, delete. */
export function userRoutes({ read, change, jsonBody, prefix }: UserRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })

  function answerChanged(req: Request, res: Response, message: string, { user, sessions }: ChangedUser): void {
    const shown = withVersion(user)
    res.setHeader('ETag', `"${shown.version}"`)
    answer(req, res, message, { user: shown, sessions })
  }

  router
    .route('/users')
    .get(async function listUsers(req, res) {
      const query = readQuery(userInput.list, req)
      const found = await read.find(query)
      answerMaybeStale(req, res, 'Users found', found, { ...found.value, first: query.first, max: query.max })
    })
    .post(...jsonBody, async function createUser(req, res) {
      const { password, temporary = true, ...fields } = readInput(userInput.create, req.body)
      const user = await change.create(administratorOf(req), {
        ...fields,
        password: password === undefined ? null : { value: password, temporary },
      })
      res.status(201).setHeader('Location', `${prefix}/admin/users/${user.id}`)
      answerChanged(req, res, 'User created', { user, sessions: null })
    })
    .all(onlyThese('GET, HEAD, POST'))

  router
    .route('/users/:id')
    .get(async function readUser(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const found = await read.one(id)
      const user = withVersion(found.value)
      res.setHeader('ETag', `"${user.version}"`)
      answerMaybeStale(req, res, 'User found', found, { user })
    })
    .put(...jsonBody, async function replaceUser(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const { version, ...changes } = readInput(userInput.replace, req.body)
      const known = requiredVersion(requestVersion(req, version, 'a user'))
      answerChanged(req, res, 'User changed', await change.change(administratorOf(req), id, changes, known))
    })
    .patch(...jsonBody, async function changeUser(req, res) {
      const { id } = readInput(userInput.user, req.params)
      const { version, ...changes } = readInput(userInput.change, req.body)
      const known = requestVersion(req, version, 'a user')
      answerChanged(req, res, 'User changed', await change.change(administratorOf(req), id, changes, known))
    })
    .delete(async function deleteUser(req, res) {
      const { id } = readInput(userInput.user, req.params)
      readQuery(userInput.nothing, req)
      const report = await change.remove(administratorOf(req), id, requestVersion(req, undefined, 'a user'))
      answer(req, res, report.mode === 'hard' ? 'User deleted' : 'User disabled for good', report)
    })
    .all(onlyThese('GET, HEAD, PUT, PATCH, DELETE'))

  for (const [path, act, message] of [
    ['/users/:id/enable', change.enable, 'User enabled'],
    ['/users/:id/disable', change.disable, 'User disabled'],
  ] as const) {
    router
      .route(path)
      .post(...jsonBody, async function switchUser(req, res) {
        const { id } = readInput(userInput.user, req.params)
        readInput(userInput.nothing.default({}), req.body)
        answerChanged(req, res, message, await act(administratorOf(req), id, requestVersion(req, undefined, 'a user')))
      })
      .all(onlyThese('POST'))
  }
  return router
}
