import { Router } from 'express'
import { z } from 'zod'
import { success } from '../../platform/errors/envelope.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { onlyThese } from '../../platform/http/only-these.ts'
import { paging, readInput, readQuery } from '../../platform/http/read-input.ts'
import type { KeycloakAdmin } from '../../platform/keycloak/keycloak-admin.ts'
import { contextOf } from '../../platform/observability/request-context.ts'

const search = z
  .string('must come once')
  .min(1, 'must not be empty')
  .max(255, 'must have at most 255 characters')
  .optional()
const listQuery = z.strictObject({ ...paging, search })
const userPath = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not an id') })
/** What the endpoints for groups read. */
export const groupInput = { list: listQuery, user: userPath }

/** Reads of groups. @param admin undefined where no Keycloak service account is configured */
export function groupRoutes(admin: KeycloakAdmin | undefined): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const keycloak = (): KeycloakAdmin => {
    if (admin === undefined)
      throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'KEYCLOAK_ADMIN_CLIENT_ID is not set' })
    return admin
  }

  router.get('/users/:id/groups', async function listUserGroups(req, res) {
    const { id } = readInput(userPath, req.params)
    res.json(success({ groups: await keycloak().groupsOfUser(id) }, 'Groups found', contextOf(req).requestId))
  })

  router.get('/groups', async function listGroups(req, res) {
    const query = readQuery(listQuery, req)
    const { groups, total } = await keycloak().groups(query)
    res.json(success({ groups, total, first: query.first, max: query.max }, 'Groups found', contextOf(req).requestId))
  })

  for (const path of ['/users/:id/groups', '/groups']) {
    router.all(path, onlyThese('GET, HEAD'))
  }
  return router
}
