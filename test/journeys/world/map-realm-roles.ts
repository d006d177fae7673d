import type { World } from './world.ts'

const ACCOUNT = 'cloakroom-clients'

/**
 * Lets the account that writes scopes map roles of the realm to them, as docs/scopes.md says: on Keycloak by one
 * fine-grained permission; the stand-in has none of these, so there by the right to manage the realm.
 */
export async function letMapRealmRoles({ admin, realm, provider }: World): Promise<void> {
  const at = `/${realm}`
  const read = async <T>(path: string): Promise<T> => (await (await admin.call('GET', at + path)).json()) as T
  const clientOf = async (clientId: string) => (await read<{ id: string }[]>(`/clients?clientId=${clientId}`))[0]?.id
  const account = await read<{ id: string }>(`/clients/${await clientOf(ACCOUNT)}/service-account-user`)
  if (provider.name === 'stand-in') {
    const management = await clientOf('realm-management')
    const roles = await read<{ name: string }[]>(`/clients/${management}/roles`)
    const manage = roles.filter(({ name }) => name === 'manage-realm')
    await admin.call('POST', `${at}/users/${account.id}/role-mappings/clients/${management}`, manage)
    return
  }
  const { attributes } = await read<{ attributes: object }>('')
  await admin.call('PUT', at, { adminPermissionsEnabled: true, attributes })
  const server = `${at}/clients/${await clientOf('admin-permissions')}/authz/resource-server`
  await admin.call('POST', `${server}/policy/user`, { name: 'the gateway', users: [account.id], logic: 'POSITIVE' })
  await admin.call('POST', `${server}/permission/scope`, {
    ...{ name: 'roles of the realm in scopes', policies: ['the gateway'], resourceType: 'Roles' },
    ...{ scopes: ['map-role-client-scope'], decisionStrategy: 'UNANIMOUS' },
  })
}
