import type { RequestHandler } from 'express'
import { identityOf } from '../identity/identity.ts'
import { success } from '../platform/errors/envelope.ts'
import { contextOf } from '../platform/observability/request-context.ts'

/** `GET /me`: the caller, without a token. */
export const currentUser: RequestHandler = function currentUser(req, res) {
  const { id, username, email, name, roles, groups, scopes, tenant, method } = identityOf(req)
  const user = { id, username, email, name, roles, groups, scopes, tenant, authMethod: method }
  res.setHeader('Cache-Control', 'no-store')
  res.json(success({ user }, 'You are signed in', contextOf(req).requestId))
}
