import { type Request, type RequestHandler, type Response, Router } from 'express'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readInput, readQuery } from '../../platform/http/read-input.ts'
import { requestVersion } from '../../platform/keycloak/people/request-version.ts'
import type { RoleDetail } from '../../platform/keycloak/roles/keycloak-role-catalogue.ts'
import { administratorOf, answer } from '../administrator.ts'
import type { ChangeRoles } from './change-roles.ts'
import type { ComposeRoles } from './compose-roles.ts'
import type { ReadRoles } from './read-roles.ts'
import { roleInput } from './role-input.ts'
import { roleRow, versionedRole } from './versioned-role.ts'

export interface RoleRoutesParts {
  read: ReadRoles
  change: ChangeRoles
  compose: ComposeRoles
  jsonBody: RequestHandler[]
  /** Without a last slash; for `Location`. */
  prefix: string
}

/** Roles of the realm and of its clients, what is in them, and who holds them. */
export function roleRoutes({ read, change, compose, jsonBody, prefix }: RoleRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const versionIn = (req: Request, inBody?: string) => requestVersion(req, inBody, 'a role')

  function answerRole(req: Request, res: Response, message: string, role: RoleDetail): void {
    const shown = versionedRole(role)
    res.setHeader('ETag', `"${shown.version}"`)
    answer(req, res, message, { role: shown })
  }

  router
    .route('/roles')
    .get(async function listRoles(req, res) {
      const query = readQuery(roleInput.list, req)
      const { roles, hasMore } = await read.find(query)
      const { first, max } = query
      answer(req, res, 'Roles found', { roles: roles.map(roleRow), first, max, hasMore })
    })
    .post(...jsonBody, async function createRole(req, res) {
      const role = await change.create(administratorOf(req), readInput(roleInput.create, req.body))
      res.status(201).setHeader('Location', `${prefix}/admin/roles/${role.id}`)
      answerRole(req, res, 'Role created', role)
    })
    .all(onlyThese('GET, HEAD, POST'))

  router
    .route('/roles/:id')
    .get(async function readRole(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      answerRole(req, res, 'Role found', await read.one(id))
    })
    .patch(...jsonBody, async function changeRole(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      const { version, ...changes } = readInput(roleInput.change, req.body)
      const known = versionIn(req, version)
      answerRole(req, res, 'Role changed', await change.change(administratorOf(req), id, changes, known))
    })
    .delete(async function deleteRole(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      const { force = false } = readQuery(roleInput.remove, req)
      const options = { force, version: versionIn(req) }
      answer(req, res, 'Role deleted', await change.remove(administratorOf(req), id, options))
    })
    .all(onlyThese('GET, HEAD, PATCH, DELETE'))

  router
    .route('/roles/:id/composites')
    .get(async function listComposites(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      const { direct, effective } = await read.composites(id)
      answer(req, res, 'Roles found', { direct: direct.map(roleRow), effective: effective.map(roleRow) })
    })
    .post(...jsonBody, async function addComposites(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      const { roles, version } = readInput(roleInput.composites, req.body)
      const known = versionIn(req, version)
      answerRole(req, res, 'Roles put in', await compose.add(administratorOf(req), id, roles, known))
    })
    .delete(...jsonBody, async function takeComposites(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      const { roles, version } = readInput(roleInput.composites, req.body)
      const known = versionIn(req, version)
      answerRole(req, res, 'Roles taken out', await compose.take(administratorOf(req), id, roles, known))
    })
    .all(onlyThese('GET, HEAD, POST, DELETE'))

  router
    .route('/roles/:id/users')
    .get(async function listHolders(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      const page = readQuery(roleInput.page, req)
      answer(req, res, 'Users found', { ...(await read.holders(id, page)), ...page })
    })
    .all(onlyThese('GET, HEAD'))

  router
    .route('/roles/:id/usage')
    .get(async function readUsage(req, res) {
      const { id } = readInput(roleInput.role, req.params)
      answer(req, res, 'Where the role is used', { usedBy: await read.usage(id) })
    })
    .all(onlyThese('GET, HEAD'))
  return router
}
