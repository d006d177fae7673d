import type { Request, RequestHandler, Response } from 'express'
import { Router } from 'express'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readInput, readQuery } from '../../platform/http/read-input.ts'
import type { GroupDetail } from '../../platform/keycloak/groups/keycloak-groups.ts'
import { requestVersion, requiredVersion } from '../../platform/keycloak/people/request-version.ts'
import { administratorOf, answer } from '../administrator.ts'
import { answerMaybeStale } from '../answer-maybe-stale.ts'
import type { ChangeGroups } from './change-groups.ts'
import { groupInput } from './group-input.ts'
import type { MoveGroup } from './move-groups.ts'
import type { ReadGroups } from './read-groups.ts'
import { withVersion } from './versioned-group.ts'

export interface GroupRoutesParts {
  read: ReadGroups
  change: ChangeGroups
  move: MoveGroup
  jsonBody: RequestHandler[]
  /** Without a last slash; for `Location`. */
  prefix: string
}

const versionIn = (req: Request, inBody?: string) => requestVersion(req, inBody, 'a group')

/** Groups: find, read, create, change, move, delete. */
export function groupRoutes({ read, change, move, jsonBody, prefix }: GroupRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })

  function answerGroup(req: Request, res: Response, message: string, group: GroupDetail, more: object = {}): void {
    const shown = withVersion(group)
    res.setHeader('ETag', `"${shown.version}"`)
    answer(req, res, message, { group: shown, ...more })
  }

  router
    .route('/users/:id/groups')
    .get(async function listGroupsOfUser(req, res) {
      const { id } = readInput(groupInput.user, req.params)
      const found = await read.ofUser(id)
      answerMaybeStale(req, res, 'Groups found', found, { groups: found.value })
    })
    .all(onlyThese('GET, HEAD'))

  router
    .route('/groups')
    .get(async function listGroups(req, res) {
      const query = readQuery(groupInput.list, req)
      const found = await read.find(query)
      answerMaybeStale(req, res, 'Groups found', found, { ...found.value, first: query.first, max: query.max })
    })
    .post(...jsonBody, async function createGroup(req, res) {
      const { parentId, ...fields } = readInput(groupInput.create, req.body)
      const group = await change.create(administratorOf(req), fields, parentId)
      res.status(201).setHeader('Location', `${prefix}/admin/groups/${group.id}`)
      answerGroup(req, res, 'Group created', group)
    })
    .all(onlyThese('GET, HEAD, POST'))

  router
    .route('/groups/:id')
    .get(async function readGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const { group, members } = await read.one(id)
      answerGroup(req, res, 'Group found', group, { members })
    })
    .put(...jsonBody, async function replaceGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const { version, ...fields } = readInput(groupInput.replace, req.body)
      const known = requiredVersion(versionIn(req, version))
      answerGroup(req, res, 'Group changed', await change.change(administratorOf(req), id, fields, known))
    })
    .patch(...jsonBody, async function changeGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const { version, ...changes } = readInput(groupInput.change, req.body)
      const known = versionIn(req, version)
      answerGroup(req, res, 'Group changed', await change.change(administratorOf(req), id, changes, known))
    })
    .delete(async function deleteGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const { withContents = false } = readQuery(groupInput.remove, req)
      const options = { withContents, version: versionIn(req) }
      answer(req, res, 'Group deleted', { deleted: await change.remove(administratorOf(req), id, options) })
    })
    .all(onlyThese('GET, HEAD, PUT, PATCH, DELETE'))

  router
    .route('/groups/:id/parent')
    .put(...jsonBody, async function moveGroup(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const { parentId, version } = readInput(groupInput.parent, req.body)
      answerGroup(req, res, 'Group moved', await move(administratorOf(req), id, parentId, versionIn(req, version)))
    })
    .all(onlyThese('PUT'))

  router
    .route('/groups/:id/children')
    .get(async function listChildren(req, res) {
      const { id } = readInput(groupInput.group, req.params)
      const query = readQuery(groupInput.list, req)
      const { rows, more } = await read.children(id, query)
      const { first, max } = query
      answer(req, res, 'Groups found', { groups: rows.map(withVersion), more, first, max })
    })
    .all(onlyThese('GET, HEAD'))
  return router
}
