import { z } from 'zod'
import { GatewayError, unavailable } from '../../errors/gateway-error.ts'
import type { AdminAnswer, AdminHttp } from '../admin-api/admin-http.ts'
import type { RoleView } from '../roles/keycloak-roles.ts'
import type { KeycloakScopes, Scope, ScopeUse } from './keycloak-scopes.ts'
import {
  isMarked,
  isOpenIdScope,
  newRepresentation,
  type ScopeRepresentation,
  scopeMappings,
  scopeRepresentation,
  toRepresentation,
  toRoleViews,
  toScope,
} from './scope-representation.ts'

export interface HttpKeycloakScopesParts {
  /** May see clients and their scopes (`view-clients`). */
  reads: AdminHttp
  /** May manage them (`manage-clients`). */
  writes: AdminHttp
  /** May map roles of the realm too: `manage-clients` with `manage-realm` or a fine-grained `map-role-client-scope`. */
  mapsRealmRoles: AdminHttp
}

const PAGE = 100
/** Every realm has it, and whoever does not see it does not see all clients. */
const ALWAYS_THERE = 'realm-management'
const rows = z.array(scopeRepresentation)
const named = z.array(z.object({ id: z.string() }))
const names = z.array(z.string()).default([])
const clientRows = z.array(
  z.object({ id: z.string(), clientId: z.string(), defaultClientScopes: names, optionalClientScopes: names }),
)

/** Client scopes by the admin API. Keycloak has no search and no pages for them: it always answers all. */
export function createHttpKeycloakScopes({ reads, writes, mapsRealmRoles }: HttpKeycloakScopesParts): KeycloakScopes {
  const at = (id: string) => `/client-scopes/${encodeURIComponent(id)}`

  async function all(): Promise<ScopeRepresentation[]> {
    const found = await (await reads('/client-scopes')).read(rows)
    // To whoever may not look Keycloak answers an empty list here, and a refusal there.
    if (found.length === 0) await reads('/default-default-client-scopes')
    return found.filter(isOpenIdScope)
  }

  async function read(id: string): Promise<Scope> {
    const found = await thereIs(await reads(at(id), { accept: [404] })).read(scopeRepresentation)
    if (!isOpenIdScope(found)) throw new GatewayError('SCOPE_NOT_FOUND')
    return toScope(found)
  }

  async function clientsWith(name: string): Promise<ScopeUse['clients'][number][]> {
    const having: ScopeUse['clients'][number][] = []
    let seesAll = false
    for (let first = 0; ; first += PAGE) {
      const found = await (await reads(`/clients?first=${first}&max=${PAGE}`)).read(clientRows)
      for (const { id, clientId, defaultClientScopes, optionalClientScopes } of found) {
        seesAll ||= clientId === ALWAYS_THERE
        if (defaultClientScopes.includes(name)) having.push({ id, clientId, as: 'always' })
        else if (optionalClientScopes.includes(name)) having.push({ id, clientId, as: 'on request' })
      }
      if (found.length < PAGE) break
    }
    if (!seesAll) throw new GatewayError('KEYCLOAK_REFUSED', { reason: 'the service account does not see all clients' })
    return having.sort((a, b) => (a.clientId < b.clientId ? -1 : 1))
  }

  async function setMapping(method: 'POST' | 'DELETE', id: string, roles: readonly RoleView[]): Promise<void> {
    const [one] = roles
    if (one === undefined) return
    const place = one.clientUuid === null ? 'realm' : `clients/${encodeURIComponent(one.clientUuid)}`
    const body = roles.map(({ id: roleId, name }) => ({ id: roleId, name }))
    const map = one.clientUuid === null ? mapsRealmRoles : writes
    const { status } = await map(`${at(id)}/scope-mappings/${place}`, { method, body, accept: [404] })
    if (status !== 404) return
    await read(id)
    throw new GatewayError('ROLE_NOT_FOUND')
  }

  return {
    list: async () => (await all()).map(toScope).sort((a, b) => (a.name < b.name ? -1 : 1)),
    read,
    async rolesOf(id) {
      return toRoleViews(await thereIs(await reads(`${at(id)}/scope-mappings`, { accept: [404] })).read(scopeMappings))
    },
    async useOf({ id, name }) {
      const isIn = async (list: string) =>
        (await (await reads(`/default-${list}-client-scopes`)).read(named)).some((one) => one.id === id)
      const [clients, always, onRequest] = await Promise.all([clientsWith(name), isIn('default'), isIn('optional')])
      return { clients, ofNewClients: always ? 'always' : onRequest ? 'on request' : null }
    },
    async create(fields, mark) {
      const body = newRepresentation(fields, mark)
      const { madeId } = free(await writes('/client-scopes', { method: 'POST', body, accept: [409] }))
      if (!madeId) throw unavailable('KEYCLOAK_UNAVAILABLE', 'the admin API did not name the scope it made')
      return madeId
    },
    async discard(mark) {
      for (const scope of await all())
        if (isMarked(scope, mark)) await writes(at(scope.id), { method: 'DELETE', accept: [404] })
    },
    async change({ id, name }, changes) {
      const body = toRepresentation({ ...changes, name: changes.name ?? name })
      free(thereIs(await writes(at(id), { method: 'PUT', body, accept: [404, 409] })))
    },
    async remove(id) {
      thereIs(await writes(at(id), { method: 'DELETE', accept: [404] }))
    },
    mapRoles: (id, roles) => setMapping('POST', id, roles),
    unmapRoles: (id, roles) => setMapping('DELETE', id, roles),
  }
}

function thereIs(answer: AdminAnswer): AdminAnswer {
  if (answer.status === 404) throw new GatewayError('SCOPE_NOT_FOUND')
  return answer
}

function free(answer: AdminAnswer): AdminAnswer {
  if (answer.status === 409) throw new GatewayError('SCOPE_EXISTS')
  return answer
}
