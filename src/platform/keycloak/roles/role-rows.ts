import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AdminHttp } from '../admin-api/admin-http.ts'
import type { RoleView } from './keycloak-roles.ts'

export const roleRow = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  composite: z.boolean().default(false),
  clientRole: z.boolean().default(false),
  containerId: z.string().optional(),
  attributes: z.record(z.string(), z.array(z.string())).default({}),
})
export const clientRow = z.object({ id: z.string(), clientId: z.string() })

/** Turns rows into views for one answer; each client is asked for its name once. */
export function createToView(http: AdminHttp) {
  const names = new Map<string, Promise<string>>()

  function clientName(uuid: string): Promise<string> {
    const known = names.get(uuid) ?? http(`/clients/${encodeURIComponent(uuid)}`).then(nameIn)
    names.set(uuid, known)
    return known
  }

  return async function toView(row: z.output<typeof roleRow>): Promise<RoleView & { client: string | null }> {
    const { id, name, description, composite, clientRole, containerId = '' } = row
    const client = clientRole ? await clientName(containerId) : null
    return {
      ...{ id, name, description: description || null, composite, client },
      key: client === null ? `realm:${name}` : `client:${client}:${name}`,
      clientUuid: clientRole ? containerId : null,
    }
  }
}

/**
 * Where a role is found by its name.
 * @throws GatewayError INVALID_REQUEST for names that are no part of an address: the call would go somewhere else
 */
export function pathOf({ name, clientUuid }: Pick<RoleView, 'name' | 'clientUuid'>): string {
  if (['', '.', '..'].includes(name)) {
    const problem = `is a role called "${name}", which Keycloak cannot be asked about; give it another name`
    throw new GatewayError('INVALID_REQUEST', { details: { fields: [{ field: 'id', problem }] } })
  }
  return `${rolesOf(clientUuid)}/${encodeURIComponent(name)}`
}

export const byId = (id: string) => `/roles-by-id/${encodeURIComponent(id)}`

/** Where the roles of an owner are. */
export const rolesOf = (owner: string | null) =>
  owner === null ? '/roles' : `/clients/${encodeURIComponent(owner)}/roles`

const nameIn = async (answer: Awaited<ReturnType<AdminHttp>>) => (await answer.read(clientRow)).clientId
