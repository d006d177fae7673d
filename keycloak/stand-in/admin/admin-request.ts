import type { Request, RequestHandler, Response } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { Realm, User } from '../model/types.ts'
import type { Admin } from './admin-guard.ts'

/** One call of the admin API: who calls, about which realm. */
export type AdminRequest = { realm: Realm; admin: Admin; req: Request; res: Response }

export type AdminHandler = (call: AdminRequest) => void | Promise<void>

/** Puts the guard before a handler: nothing of the admin API is mounted without it. */
export type Guarded = (handler: AdminHandler) => RequestHandler

/** A part of the path as text. */
export const pathPart = (req: Request, name: string) => String(req.params[name] ?? '')

/** The person of the path. @throws 404 */
export function userOf({ realm, req }: AdminRequest): User {
  const user = realm.users.get(pathPart(req, 'id'))
  if (!user) throw new KeycloakError(404, { error: 'User not found' })
  return user
}

/** The JSON body. @throws 415 for another content type, 400 for broken JSON */
export function jsonBody(req: Request): unknown {
  if (!req.is('application/json')) {
    throw new KeycloakError(415, { error: 'The content-type header value did not match the value in @Consumes' })
  }
  try {
    return JSON.parse(typeof req.body === 'string' ? req.body : '')
  } catch {
    throw new KeycloakError(400, { error: 'invalid_request', error_description: 'Cannot parse the JSON' })
  }
}

/** The JSON body as an object; anything else counts as an empty one. */
export function objectBody(req: Request): Record<string, unknown> {
  const body = jsonBody(req)
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
}
