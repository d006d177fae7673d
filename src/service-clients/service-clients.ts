import type { Identity } from '../identity/identity.ts'
import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type {
  KeycloakServiceClients,
  ServiceClient,
  ServiceClientChanges,
} from '../platform/keycloak/clients/keycloak-service-clients.ts'
import type { Turns } from '../platform/redis/turns.ts'
import type { createChangeScopes } from './change-scopes.ts'
import type { ClientChange, Registration } from './client-input.ts'
import { BASE_SCOPES, type ClientView, toClientView } from './client-view.ts'
import type { Grants } from './grants.ts'

import type { RegisterClient } from './register-client.ts'

export interface NewSecret {
  client: ClientView
  secret: string
  /** How long the former secret still works; null when it does not. */
  overlap: { until: string } | null
}

/**
 * What administrators do with service clients. A client that was not registered here is not there: CLIENT_NOT_FOUND. Every
 * method throws KEYCLOAK_UNAVAILABLE or KEYCLOAK_REFUSED when Keycloak does not do its part.
 */
export interface ServiceClients {
  list(query: {
    search?: string | undefined
    first: number
    max: number
  }): Promise<{ clients: ClientView[]; total: number }>
  read(id: string): Promise<ClientView>
  /** @throws GatewayError CLIENT_EXISTS, INVALID_REQUEST, INSUFFICIENT_PERMISSIONS */
  register(input: Registration, by: Identity): Promise<{ client: ClientView; secret: string | null }>
  /** @throws GatewayError CLIENT_CHANGED */
  change(id: string, change: ClientChange): Promise<ClientView>
  /** Exactly these. @throws GatewayError CLIENT_CHANGED, INVALID_REQUEST, INSUFFICIENT_PERMISSIONS */
  setScopes(id: string, change: { version: string; scopes: readonly string[] }, by: Identity): Promise<ClientView>
  /** @throws GatewayError CLIENT_HAS_NO_SECRET, INSUFFICIENT_PERMISSIONS */
  rotateSecret(id: string): Promise<NewSecret>
  /** Disabling also ends what the client holds: its tokens are refused from now on. Doing it again does no harm. */
  setEnabled(id: string, enabled: boolean): Promise<ClientView>
  /** @throws GatewayError CLIENT_IN_USE while it is enabled */
  remove(id: string): Promise<void>
}

export interface ServiceClientsParts {
  keycloak: KeycloakServiceClients
  prefix: string
  /** Names of the client scopes that service clients may have. */
  scopes: readonly string[]
  grants: Grants
  register: RegisterClient
  changeScopes: ReturnType<typeof createChangeScopes>
  /** Refuses everything that was issued to an account until `at`, milliseconds by Keycloak's clock, on every instance. */
  endAccess: (account: string, at: number) => Promise<unknown>
  /** Changes of one client one after another, in the whole cluster. */
  inTurn: Turns['run']
  clock: Clock
}

export function createServiceClients(parts: ServiceClientsParts): ServiceClients {
  const { keycloak, prefix, scopes, grants, endAccess, inTurn, clock } = parts
  const isOurs = ({ clientId, pending }: ServiceClient) => pending === null && clientId.startsWith(prefix)
  const view = (client: ServiceClient) => toClientView(client, clock.now())

  async function existing(id: string): Promise<ServiceClient> {
    const found = await keycloak.read(id)
    if (found === undefined || !isOurs(found)) throw new GatewayError('CLIENT_NOT_FOUND')
    return found
  }

  async function atVersion(id: string, version: string): Promise<ServiceClient> {
    const client = await existing(id)
    const current = view(client)
    if (current.version !== version) throw new GatewayError('CLIENT_CHANGED', { details: { current } })
    return client
  }

  /**
   * Whoever gets a secret acts as the client: where somebody gave it rights at Keycloak that are not handed out here, an
   * administrator of the gateway must not get hold of them. Roles of its account alone do not count: without full scope
   * they have no effect.
   */
  async function checkPlain({ id, altered, scopes: has }: ServiceClient): Promise<void> {
    const known = has.every((scope) => BASE_SCOPES.includes(scope) || scopes.includes(scope))
    if (!altered && known && (await keycloak.ownScopeRoles(id)).length === 0) return
    const reason = 'the client was given more at Keycloak than is handed out here; look after it there'
    throw new GatewayError('INSUFFICIENT_PERMISSIONS', { reason, details: { reason } })
  }

  async function update(id: string, changes: ServiceClientChanges): Promise<number> {
    const time = await keycloak.update(id, changes)
    if (time === undefined) throw new GatewayError('CLIENT_NOT_FOUND')
    return time
  }

  return {
    async list({ search, first, max }) {
      const wanted = search?.toLowerCase()
      const found = (await keycloak.list(prefix))
        .filter(isOurs)
        .filter(
          ({ clientId, name }) => wanted === undefined || `${clientId}\n${name ?? ''}`.toLowerCase().includes(wanted),
        )
      found.sort((a, b) => (a.clientId < b.clientId ? -1 : 1))
      return { clients: found.slice(first, first + max).map(view), total: found.length }
    },
    read: async (id) => view(await existing(id)),
    async register(input, by) {
      const { id, secret } = await parts.register(input, by)
      return { client: view(await existing(id)), secret }
    },
    change: (id, { version, ...members }) =>
      inTurn(id, async () => {
        await atVersion(id, version)
        await update(id, members)
        return view(await existing(id))
      }),
    setScopes: (id, { version, scopes: wanted }, by) =>
      inTurn(id, async () => {
        const client = await atVersion(id, version)
        const held = client.scopes.filter((scope) => !BASE_SCOPES.includes(scope))
        const add = await grants.toGive(wanted, by, held)
        const remove = await grants.ofClient(held.filter((scope) => !wanted.includes(scope)))
        const keep = await grants.ofClient(held.filter((scope) => wanted.includes(scope)))
        const account = await keycloak.accountOf(id)
        const takenAt = await parts.changeScopes({ client, account, add, remove, keep })
        // What was taken must not live on in tokens that were issued with it.
        if (takenAt !== undefined) await endAccess(account, takenAt)
        return view(await existing(id))
      }),
    rotateSecret: (id) =>
      inTurn(id, async () => {
        const client = await existing(id)
        if (client.authentication !== 'client_secret') throw new GatewayError('CLIENT_HAS_NO_SECRET')
        await checkPlain(client)
        const secret = await keycloak.rotateSecret(id)
        const shown = view(await existing(id))
        const { formerSecretUntil: until } = shown
        return { client: shown, secret, overlap: until === null ? null : { until } }
      }),
    setEnabled: (id, enabled) =>
      inTurn(id, async () => {
        const client = await existing(id)
        const account = await keycloak.accountOf(id)
        if (enabled) await checkPlain(client)
        const time = await update(id, { enabled })
        if (!enabled) await endAccess(account, time)
        return view(await existing(id))
      }),
    remove: (id) =>
      inTurn(id, async () => {
        const { enabled } = await existing(id)
        if (enabled) throw new GatewayError('CLIENT_IN_USE')
        // Again, because the client may have been disabled elsewhere; it cannot get another token.
        await endAccess(await keycloak.accountOf(id), clock.now())
        await keycloak.remove(id)
      }),
  }
}
