import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AdminHttp } from '../admin-api/admin-http.ts'
import { personRow } from '../people/person-row.ts'
import { toUserView } from '../people/views.ts'
import { findRoleUsage } from './find-role-usage.ts'
import type { KeycloakRoleCatalogue, RoleFields, RoleOwner } from './keycloak-role-catalogue.ts'
import type { RoleView } from './keycloak-roles.ts'
import { byId, clientRow, createToView, pathOf, roleRow, rolesOf } from './role-rows.ts'

export interface HttpKeycloakRoleCatalogueParts {
  /** With view-realm, view-clients and view-users: Keycloak leaves out of its answers what the asker may not see. */
  reads: AdminHttp
  /** With manage-realm, and manage-clients for composites of both kinds; undefined where none is configured. */
  ofRealm: AdminHttp | undefined
  /** With manage-clients; undefined where none is configured. */
  ofClients: AdminHttp | undefined
}

const rows = z.array(roleRow)
const clients = z.array(clientRow)
const people = z.array(personRow)
const BLIND =
  'the service account of the administration needs view-clients: without it Keycloak leaves roles out of its answers'

/** Roles by the admin API; nothing here is ever cached. */
export function createHttpKeycloakRoleCatalogue(parts: HttpKeycloakRoleCatalogueParts): KeycloakRoleCatalogue {
  const { reads } = parts

  async function makeSureClientsAreSeen(): Promise<void> {
    const found = await (await reads('/clients?clientId=realm-management')).read(clients)
    if (found.length === 0) throw new GatewayError('KEYCLOAK_REFUSED', { reason: BLIND })
  }

  async function composites(id: string) {
    const [answer] = await Promise.all([reads(`${byId(id)}/composites`, { accept: [404] }), makeSureClientsAreSeen()])
    if (answer.status === 404) throw new GatewayError('ROLE_NOT_FOUND')
    return (await Promise.all((await answer.read(rows)).map(createToView(reads)))).sort(byKey)
  }

  /** Who may write it: a composite of both kinds takes an account with the rights over both. */
  function writer(owner: RoleOwner, inside: readonly RoleView[] = []): AdminHttp {
    const isMixed = inside.some(({ clientUuid }) => (clientUuid === null) !== (owner === null))
    const [account, setting] =
      owner === null || isMixed
        ? [parts.ofRealm, 'KEYCLOAK_REALM_CLIENT_ID']
        : [parts.ofClients, 'KEYCLOAK_CLIENTS_CLIENT_ID']
    if (account === undefined) throw new GatewayError('KEYCLOAK_REQUIRED', { reason: `${setting} is not set` })
    return account
  }

  async function compose(method: 'POST' | 'DELETE', role: RoleView, inside: readonly RoleView[]): Promise<void> {
    const body = inside.map(({ id, name }) => ({ id, name }))
    const to = writer(role.clientUuid, inside)
    const { status } = await to(`${byId(role.id)}/composites`, { method, body, accept: [404] })
    if (status === 404) throw new GatewayError('ROLE_NOT_FOUND')
  }

  return {
    composites,
    async page(owner, { search, first, max }) {
      const query = new URLSearchParams({ first: `${first}`, max: `${max + 1}`, briefRepresentation: 'true' })
      if (search !== undefined) query.set('search', search)
      const found = await (await reads(`${rolesOf(owner)}?${query}`)).read(rows)
      return {
        roles: await Promise.all(found.slice(0, max).map(createToView(reads))),
        hasMore: found.length > max,
      }
    },
    async owner(clientId) {
      const found = await (await reads(`/clients?${new URLSearchParams({ clientId })}`)).read(clients)
      const client = found.find((one) => one.clientId === clientId)
      if (client !== undefined) return client.id
      const fields = [{ field: 'client', problem: 'is no client of this realm' }]
      throw new GatewayError('INVALID_REQUEST', { details: { fields } })
    },
    async read(id) {
      const answer = await reads(byId(id), { accept: [404] })
      if (answer.status === 404) throw new GatewayError('ROLE_NOT_FOUND')
      const row = await answer.read(roleRow)
      const inside = row.composite ? await composites(id) : []
      return { ...(await createToView(reads)(row)), attributes: sorted(row.attributes), composites: inside }
    },
    async holders(role, { first, max }) {
      const query = new URLSearchParams({ first: `${first}`, max: `${max + 1}`, briefRepresentation: 'true' })
      const answer = await reads(`${pathOf(role)}/users?${query}`, { accept: [404] })
      if (answer.status === 404) throw new GatewayError('ROLE_NOT_FOUND')
      const found = await answer.read(people)
      return { users: found.slice(0, max).map(toUserView), hasMore: found.length > max }
    },
    usage: (role) => findRoleUsage(reads, role),
    makeSureItWrites: (owner, inside) => void writer(owner, inside),
    async create(owner, fields) {
      const { status } = await writer(owner)(rolesOf(owner), { method: 'POST', body: bodyOf(fields), accept: [409] })
      if (status === 409) throw new GatewayError('ROLE_EXISTS')
    },
    async change({ id, clientUuid }, fields) {
      const { status } = await writer(clientUuid)(byId(id), {
        ...{ method: 'PUT', body: bodyOf(fields), accept: [404, 409] },
      })
      if (status === 404) throw new GatewayError('ROLE_NOT_FOUND')
      if (status === 409) throw new GatewayError('ROLE_EXISTS')
    },
    async remove({ id, clientUuid }) {
      const { status } = await writer(clientUuid)(byId(id), { method: 'DELETE', accept: [400, 404] })
      if (status === 404) throw new GatewayError('ROLE_NOT_FOUND')
      if (status === 400) throw new GatewayError('ROLE_PROTECTED')
    },
    add: (role, inside) => compose('POST', role, inside),
    take: (role, inside) => compose('DELETE', role, inside),
  }
}

const bodyOf = ({ name, description, attributes }: RoleFields) => ({
  ...{ name, attributes },
  ...(description === null ? {} : { description }),
})

const sorted = (attributes: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))

const byKey = (a: RoleView, b: RoleView) => (a.key < b.key ? -1 : 1)
