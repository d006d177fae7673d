import { apiByToken } from './api-by-token.ts'
import type { World } from './world.ts'

/** Calls `/api/v1/admin/roles` with a token. */
export const rolesDesk = ({ gateway }: Pick<World, 'gateway'>, token: string) =>
  apiByToken(`${gateway.url}/api/v1/admin/roles`, token)
