import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { GatewayError, unavailable } from '../../errors/gateway-error.ts'
import type { AdminHttp } from '../admin-api/admin-http.ts'
import {
  changedRepresentation,
  clientRepresentation,
  newClientRepresentation,
  toServiceClient,
} from './client-representation.ts'
import type { KeycloakServiceClients, MappedRole, ServiceClient } from './keycloak-service-clients.ts'

export interface HttpKeycloakServiceClientsParts {
  /** With the rights over clients. */
  clients: AdminHttp
  /** With the right to give roles to users. */
  users: AdminHttp
  /** Only where Keycloak does not say what time it is. */
  clock: Clock
}

const PAGE = 100
const scopeRows = z.array(z.object({ id: z.string(), name: z.string() }))
const roleRows = z.array(z.object({ id: z.string(), name: z.string(), composite: z.boolean().default(false) }))
const roleMappings = z.object({
  realmMappings: roleRows.default([]),
  clientMappings: z
    .record(z.string(), z.object({ id: z.string(), client: z.string(), mappings: roleRows.default([]) }))
    .default({}),
})
const account = z.object({ id: z.string() })
const credential = z.object({ value: z.string().min(1) })

/** Service clients by the admin API. Two service accounts share the work, so that none may do both halves of it. */
export function createHttpKeycloakServiceClients(parts: HttpKeycloakServiceClientsParts): KeycloakServiceClients {
  const { clients, users, clock } = parts
  const at = (id: string) => `/clients/${encodeURIComponent(id)}`

  async function page(query: string): Promise<{ managed: ServiceClient[]; isLast: boolean }> {
    const rows = await (await clients(`/clients?${query}`)).read(z.array(clientRepresentation))
    return { managed: rows.flatMap((row) => toServiceClient(row) ?? []), isLast: rows.length < PAGE }
  }

  return {
    async list(prefix) {
      const found: ServiceClient[] = []
      for (let first = 0; ; first += PAGE) {
        const query = new URLSearchParams({ clientId: prefix, search: 'true', first: `${first}`, max: `${PAGE}` })
        const { managed, isLast } = await page(`${query}`)
        found.push(...managed.filter(({ clientId }) => clientId.startsWith(prefix)))
        if (isLast) return found
      }
    },
    async read(id) {
      const answer = await clients(at(id), { accept: [404] })
      return answer.status === 404 ? undefined : toServiceClient(await answer.read(clientRepresentation))
    },
    async find(clientId) {
      const { managed } = await page(`${new URLSearchParams({ clientId })}`)
      return managed.find((client) => client.clientId === clientId)
    },
    async create(client) {
      const answer = await clients('/clients', {
        method: 'POST',
        body: newClientRepresentation(client),
        accept: [409],
      })
      if (answer.status === 409) return undefined
      if (!answer.madeId) throw unavailable('KEYCLOAK_UNAVAILABLE', 'the admin API did not name the client it made')
      return answer.madeId
    },
    async update(id, changes) {
      const answer = await clients(at(id), { method: 'PUT', body: changedRepresentation(changes), accept: [404] })
      return answer.status === 404 ? undefined : (answer.time ?? clock.now())
    },
    async remove(id) {
      await clients(at(id), { method: 'DELETE', accept: [404] })
    },
    async scopeIds() {
      const rows = await (await clients('/client-scopes')).read(scopeRows)
      return new Map(rows.map(({ id, name }) => [name, id]))
    },
    async rolesOfScope(scopeId) {
      const path = `/client-scopes/${encodeURIComponent(scopeId)}/scope-mappings`
      return toMappedRoles(await (await clients(path)).read(roleMappings))
    },
    async addScope(id, scopeId) {
      await clients(`${at(id)}/default-client-scopes/${encodeURIComponent(scopeId)}`, { method: 'PUT' })
    },
    async removeScope(id, scopeId) {
      const path = `${at(id)}/default-client-scopes/${encodeURIComponent(scopeId)}`
      return (await clients(path, { method: 'DELETE', accept: [404] })).time ?? clock.now()
    },
    async accountOf(id) {
      return (await (await clients(`${at(id)}/service-account-user`)).read(account)).id
    },
    async ownScopeRoles(id) {
      return toMappedRoles(await (await clients(`${at(id)}/scope-mappings`)).read(roleMappings))
    },
    giveRoles: (user, roles) => mapRoles(users, 'POST', user, roles),
    takeRoles: (user, roles) => mapRoles(users, 'DELETE', user, roles),
    async secretOf(id) {
      return (await (await clients(`${at(id)}/client-secret`)).read(credential)).value
    },
    async rotateSecret(id) {
      const answer = await clients(`${at(id)}/client-secret`, { method: 'POST', accept: [404] })
      if (answer.status === 404) throw new GatewayError('CLIENT_NOT_FOUND')
      return (await answer.read(credential)).value
    },
  }
}

function toMappedRoles({ realmMappings, clientMappings }: z.output<typeof roleMappings>): MappedRole[] {
  const ofClients = Object.values(clientMappings).flatMap(({ id, client, mappings }) =>
    mappings.map((role) => ({ ...role, owner: { id, clientId: client } })),
  )
  return [...realmMappings.map((role) => ({ ...role, owner: null })), ...ofClients]
}

async function mapRoles(
  users: AdminHttp,
  method: 'POST' | 'DELETE',
  user: string,
  roles: readonly MappedRole[],
): Promise<void> {
  const byOwner = Object.groupBy(roles, ({ owner }) => owner?.id ?? '')
  for (const [owner, mapped = []] of Object.entries(byOwner)) {
    const place = owner === '' ? 'realm' : `clients/${encodeURIComponent(owner)}`
    await users(`/users/${encodeURIComponent(user)}/role-mappings/${place}`, {
      method,
      body: mapped.map(({ id, name }) => ({ id, name })),
      // Taking a role away from an account that is gone is done already.
      ...(method === 'DELETE' ? { accept: [404] } : {}),
    })
  }
}
