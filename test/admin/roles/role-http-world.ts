import { roleRoutes } from '../../../src/admin/roles/role-routes.ts'
import { serveDesk } from '../serve-desk.ts'
import { openShop } from './role-shop.ts'

/** The endpoints for roles, on HTTP, over roles in memory; ada is calling. */
export async function serveRoles() {
  const desk = openShop()
  const { read, change, compose } = desk
  const served = await serveDesk({
    routers: (jsonBody) => [roleRoutes({ read, change, compose, jsonBody, prefix: '/api/v1' })],
    caller: () => desk.as('ada').identity,
  })
  return { ...desk, ...served }
}

export type RoleHttpWorld = Awaited<ReturnType<typeof serveRoles>>
