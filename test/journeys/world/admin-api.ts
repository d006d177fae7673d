import type { ProviderServer } from './provider-server.ts'

/** The few things a journey does as the provider's administrator; the same calls on both providers. */
export interface AdminApi {
  /** Any call below `/admin/realms`. @throws Error for an answer that is no success */
  call(method: string, path: string, body?: object): Promise<Response>
  createRealm(realm: object): Promise<void>
  deleteRealm(name: string): Promise<void>
  /** A new signing key of higher priority. */
  rotateKeys(realm: string): Promise<void>
  /** Another user like alice, because one user's parallel logins are refused by brute-force detection. */
  createUser(realm: string, user: { username: string; password: string; roles: string[] }): Promise<string>
}

export function createAdminApi(provider: ProviderServer): AdminApi {
  async function token(): Promise<string> {
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...provider.admin })
    const response = await fetch(`${provider.url}/realms/master/protocol/openid-connect/token`, {
      method: 'POST',
      body,
    })
    const { access_token } = (await response.json()) as { access_token: string }
    return access_token
  }

  async function call(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${provider.url}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok)
      throw new Error(`${method} ${path} at ${provider.name}: ${response.status} ${await response.text()}`)
    return response
  }

  return {
    call,
    createRealm: async (realm) => void (await call('POST', '', realm)),
    deleteRealm: async (name) => void (await call('DELETE', `/${name}`)),
    async rotateKeys(realm) {
      const { id } = (await (await call('GET', `/${realm}`)).json()) as { id: string }
      await call('POST', `/${realm}/components`, {
        name: `rotated-${Date.now()}`,
        providerId: 'rsa-generated',
        providerType: 'org.keycloak.keys.KeyProvider',
        parentId: id,
        config: { priority: ['300'] },
      })
    },
    async createUser(realm, { username, password, roles }) {
      const response = await call('POST', `/${realm}/users`, {
        username,
        enabled: true,
        emailVerified: true,
        email: `${username}@example.com`,
        firstName: username,
        lastName: 'Tester',
        credentials: [{ type: 'password', value: password, temporary: false }],
      })
      const id = response.headers.get('location')?.split('/').at(-1) ?? ''
      const representations = await Promise.all(
        roles.map(async (role) => (await call('GET', `/${realm}/roles/${role}`)).json() as Promise<object>),
      )
      await call('POST', `/${realm}/users/${id}/role-mappings/realm`, representations)
      return id
    },
  }
}
