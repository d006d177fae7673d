import type { Router } from 'express'
import type { Clock } from '../clock.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import { queryOf } from '../http/parameters.ts'
import { mailActions, mailVerification } from '../mail/action-mails.ts'
import type { User } from '../model/types.ts'
import { type AdminRequest, type Guarded, jsonBody, pathPart, userOf } from './admin-request.ts'
import { knownActions } from './user-settings-resource.ts'

/** Mails that ask somebody to do something to their account, and what they prove themselves with. */
export function mountOwnAccounts(router: Router, on: Guarded, clock: Clock) {
  router.put(
    '/users/:id/execute-actions-email',
    on(async (call) => {
      call.admin.needs('manage-users')
      const user = reachable(call)
      const body = jsonBody(call.req)
      const actions = Array.isArray(body) ? body.map(String) : []
      if (knownActions(actions).length < actions.length)
        throw new KeycloakError(400, { errorMessage: 'Provided invalid required actions' })
      const lifespan = queryOf(call.req).get('lifespan')
      await mailActions(call.realm, user, actions, lifespan === null ? undefined : Number(lifespan), clock)
      call.res.status(204).end()
    }),
  )
  router.put(
    '/users/:id/send-verify-email',
    on(async (call) => {
      call.admin.needs('manage-users')
      await mailVerification(call.realm, reachable(call), clock)
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/users/:id/credentials/:credential',
    on((call) => {
      call.admin.needs('manage-users')
      const user = userOf(call)
      const id = pathPart(call.req, 'credential')
      const kept = (user.otherCredentials ?? []).filter((one) => one.id !== id)
      if (id === `password-of-${user.id}`) delete user.password
      else if (kept.length === (user.otherCredentials ?? []).length)
        throw new KeycloakError(404, { error: 'Credential not found' })
      user.otherCredentials = kept
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/users/:id/consents/:client',
    on((call) => {
      call.admin.needs('manage-users')
      const user = userOf(call)
      const client = pathPart(call.req, 'client')
      if (!call.realm.clients.has(client)) throw new KeycloakError(404, { error: 'Client not found' })
      const had = user.consents?.delete(client) ?? false
      if (!had) throw new KeycloakError(404, { error: 'Consent nor offline token not found' })
      call.res.status(204).end()
    }),
  )
}

function reachable(call: AdminRequest): User {
  const user = userOf(call)
  if (!user.email) throw new KeycloakError(400, { errorMessage: 'User email missing' })
  if (!user.enabled) throw new KeycloakError(400, { errorMessage: 'User is disabled' })
  return user
}
