import { readFileSync } from 'node:fs'
import { readRealm } from '../../../keycloak/realm-file.ts'
import { apiByToken } from './api-by-token.ts'
import type { World } from './world.ts'

const REALM_FILE = 'keycloak/realms/demo-realm.json'

/** Settings with which a gateway looks after service clients. */
export const OPERATOR = {
  KEYCLOAK_CLIENTS_CLIENT_ID: 'cloakroom-clients',
  KEYCLOAK_CLIENTS_CLIENT_SECRET: 'demo-clients-secret-change-me',
  SERVICE_CLIENT_SCOPES: 'orders.read,orders.write',
}

/** A tool of administrators that brings a token of its user. */
const directClient = {
  clientId: 'tool',
  enabled: true,
  protocol: 'openid-connect',
  publicClient: false,
  clientAuthenticatorType: 'client-secret',
  secret: 'secret-of-the-tool',
  standardFlowEnabled: false,
  directAccessGrantsEnabled: true,
  fullScopeAllowed: true,
  defaultClientScopes: ['basic', 'roles', 'profile'],
  optionalClientScopes: [],
  protocolMappers: [
    {
      name: 'audience orders-api',
      protocol: 'openid-connect',
      protocolMapper: 'oidc-audience-mapper',
      config: { 'included.client.audience': 'orders-api', 'access.token.claim': 'true' },
    },
  ],
}

/** What the demo realm is overridden with to have that tool. */
export function realmWithTool(): { clients: object[]; scopeMappings: object[] } {
  const { clients = [], scopeMappings = [] } = readRealm(readFileSync(REALM_FILE, 'utf8'), {}, REALM_FILE)
  return { clients: [...clients, directClient], scopeMappings: [...scopeMappings] }
}

/** An access token of a user of the realm, through the tool. */
export async function toolToken(
  { provider, realm }: World,
  user: { username: string; password: string },
): Promise<string> {
  const response = await fetch(`${provider.url}/realms/${realm}/protocol/openid-connect/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('tool:secret-of-the-tool')}` },
    body: new URLSearchParams({ grant_type: 'password', ...user }),
  })
  const { access_token } = (await response.json()) as { access_token?: string }
  if (access_token === undefined) throw new Error(`${user.username} got no token: ${response.status}`)
  return access_token
}

/** Calls `/api/v1/clients` with a token. */
export const clientsDesk = ({ gateway }: Pick<World, 'gateway'>, token: string) =>
  apiByToken(`${gateway.url}/api/v1/clients`, token)

/**
 * Replaces the role manage-clients of the registering account by fine-grained permissions (docs/service-clients.md): it may
 * view and manage clients, except these.
 */
export async function fineGrained({ admin, realm }: World, except: readonly string[]): Promise<void> {
  const at = `/${realm}`
  const read = async <T>(path: string): Promise<T> => (await (await admin.call('GET', at + path)).json()) as T
  const idOf = async (clientId: string) => (await read<{ id: string }[]>(`/clients?clientId=${clientId}`))[0]?.id ?? ''
  const { attributes } = await read<{ attributes: object }>('')
  await admin.call('PUT', at, { adminPermissionsEnabled: true, attributes })
  const account = await read<{ id: string }>(`/clients/${await idOf('cloakroom-clients')}/service-account-user`)
  const mapping = `/users/${account.id}/role-mappings/clients/${await idOf('realm-management')}`
  await admin.call('DELETE', at + mapping, await read<object[]>(mapping))
  const [query] = (await read<{ name: string }[]>(`/clients/${await idOf('realm-management')}/roles`)).filter(
    ({ name }) => name === 'query-clients',
  )
  await admin.call('POST', at + mapping, [query ?? {}])
  const server = `${at}/clients/${await idOf('admin-permissions')}/authz/resource-server`
  const policy = (name: string, logic: string) =>
    admin.call('POST', `${server}/policy/user`, { name, users: [account.id], logic })
  await policy('the gateway', 'POSITIVE')
  await policy('not the gateway', 'NEGATIVE')
  const permission = (name: string, policies: string[], resources: object) =>
    admin.call('POST', `${server}/permission/scope`, {
      ...{ name, policies, ...resources },
      resourceType: 'Clients',
      scopes: ['view', 'manage'],
      decisionStrategy: 'UNANIMOUS',
    })
  await permission('service clients', ['the gateway'], {})
  await permission('no other clients', ['not the gateway'], { resources: await Promise.all(except.map(idOf)) })
}
