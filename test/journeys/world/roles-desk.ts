import type { DeskAnswer } from './clients-desk.ts'
import type { World } from './world.ts'

/** Calls `/api/v1/admin/roles` with a token. */
export function rolesDesk({ gateway }: Pick<World, 'gateway'>, token: string) {
  return async function desk(method: string, below: string, body?: object): Promise<DeskAnswer> {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${gateway.url}/api/v1/admin/roles${below}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
}
