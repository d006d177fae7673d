import { type ApiCall, apiByToken } from './api-by-token.ts'
import type { World } from './world.ts'

/** Always said, so that what is refused is refused for want of a right, never for want of a type. */
const TYPE = { 'content-type': 'application/json' }

/** Asks Keycloak's admin API, below `/admin/realms`, as one of the gateway's accounts. */
export async function keycloakAs(world: World, account: { id: string; secret: string }): Promise<ApiCall> {
  const call = apiByToken(`${world.provider.url}/admin/realms`, await world.serviceToken(account))
  return (method, path, body) => call(method, path, body, TYPE)
}
