import type { Request, RequestHandler, Response } from 'express'
import { Router } from 'express'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readInput, readQuery } from '../../platform/http/read-input.ts'
import { requestVersion, requiredVersion } from '../../platform/keycloak/people/request-version.ts'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Scope } from '../../platform/keycloak/scopes/keycloak-scopes.ts'
import { administratorOf, answer } from '../administrator.ts'
import { shownRole } from '../shown-roles.ts'
import { isBuiltInScope } from './built-in-scope.ts'
import type { ChangeScopes } from './change-scopes.ts'
import type { ReadScopes } from './read-scopes.ts'
import { scopeInput } from './scope-input.ts'
import { versionOfRoles, versionOfScope } from './version-of-scope.ts'

export interface ScopeRoutesParts {
  read: ReadScopes
  change: ChangeScopes
  jsonBody: RequestHandler[]
  /** Without a last slash; for `Location`. */
  prefix: string
}

const A_SCOPE = 'a scope'
const THE_ROLES = 'the roles of a scope'
const idOf = (req: Request) => readInput(scopeInput.scope, req.params).id
const row = (scope: Scope) => ({ ...scope, builtIn: isBuiltInScope(scope.name) })

/** Scopes: find, read, create, change, delete, their roles, and the clients that have them. */
export function scopeRoutes({ read, change, jsonBody, prefix }: ScopeRoutesParts): Router {
  const router = Router({ caseSensitive: true, strict: true })

  router
    .route('/scopes')
    .get(async function listScopes(req, res) {
      const query = readQuery(scopeInput.list, req)
      const { scopes, total } = await read.find(query)
      answer(req, res, 'Scopes found', { scopes: scopes.map(row), total, first: query.first, max: query.max })
    })
    .post(...jsonBody, async function createScope(req, res) {
      readQuery(scopeInput.nothing, req)
      const { roles, ...fields } = readInput(scopeInput.create, req.body)
      const scope = await change.create(administratorOf(req), fields, roles)
      res.status(201).setHeader('Location', `${prefix}/admin/scopes/${scope.id}`)
      answerScope(req, res, 'Scope created', scope)
    })
    .all(onlyThese('GET, HEAD, POST'))

  router
    .route('/scopes/:id')
    .get(async function readScope(req, res) {
      const id = idOf(req)
      readQuery(scopeInput.nothing, req)
      answerScope(req, res, 'Scope found', await read.one(id))
    })
    .put(...jsonBody, async function replaceScope(req, res) {
      const id = idOf(req)
      const { version, ...fields } = readInput(scopeInput.replace, req.body)
      const known = requiredVersion(requestVersion(req, version, A_SCOPE))
      answerScope(req, res, 'Scope changed', await change.change(administratorOf(req), id, fields, known))
    })
    .patch(...jsonBody, async function changeScope(req, res) {
      const id = idOf(req)
      const { version, ...changes } = readInput(scopeInput.change, req.body)
      const known = requestVersion(req, version, A_SCOPE)
      answerScope(req, res, 'Scope changed', await change.change(administratorOf(req), id, changes, known))
    })
    .delete(async function deleteScope(req, res) {
      const id = idOf(req)
      readQuery(scopeInput.nothing, req)
      await change.remove(administratorOf(req), id, requestVersion(req, undefined, A_SCOPE))
      answer(req, res, 'Scope deleted', { id })
    })
    .all(onlyThese('GET, HEAD, PUT, PATCH, DELETE'))

  router
    .route('/scopes/:id/roles')
    .get(async function listRolesOfScope(req, res) {
      const id = idOf(req)
      readQuery(scopeInput.nothing, req)
      answerRoles(req, res, 'Roles found', await read.roles(id))
    })
    .put(...jsonBody, async function setRolesOfScope(req, res) {
      const id = idOf(req)
      const { roles, version } = readInput(scopeInput.roles, req.body)
      const known = requiredVersion(requestVersion(req, version, THE_ROLES))
      answerRoles(req, res, 'Roles set', await change.setRoles(administratorOf(req), id, roles, known))
    })
    .all(onlyThese('GET, HEAD, PUT'))

  router
    .route('/scopes/:id/clients')
    .get(async function listClientsWithScope(req, res) {
      const id = idOf(req)
      const page = readQuery(scopeInput.page, req)
      const { clients, ofNewClients, total } = await read.use(id, page)
      answer(req, res, 'Clients found', { clients, ofNewClients, total, first: page.first, max: page.max })
    })
    .all(onlyThese('GET, HEAD'))
  return router
}

function answerScope(req: Request, res: Response, message: string, scope: Scope): void {
  const version = versionOfScope(scope)
  res.setHeader('ETag', `"${version}"`)
  answer(req, res, message, { scope: { ...row(scope), version } })
}

function answerRoles(req: Request, res: Response, message: string, roles: readonly RoleView[]): void {
  const version = versionOfRoles(roles)
  res.setHeader('ETag', `"${version}"`)
  answer(req, res, message, { roles: roles.map(shownRole), version })
}
