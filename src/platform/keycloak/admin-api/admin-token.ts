import * as client from 'openid-client'
import type { Cache } from '../../cache/cache.ts'
import type { AdminConfig } from '../../config/config.ts'
import { providerError } from '../../oidc/provider-error.ts'

export interface AdminTokenParts {
  config: AdminConfig
  /** Supplies the server's metadata and its way of being called. */
  configuration: () => Promise<client.Configuration>
  fetch: client.CustomFetch
  cache: Cache<string>
}

export interface AdminToken {
  /** A token for the admin API; one request for it at a time. @throws GatewayError */
  get(): Promise<string>
  /** Forgets a token that Keycloak no longer accepts. */
  forget(): void
  /**
   * The realm's not-before in milliseconds since the epoch, 0 when there is none. Keycloak tells it to clients in token
   * answers (`not-before-policy`), while the realm's settings are for those who may see them all; so a new token is taken.
   * @throws GatewayError
   */
  notBefore(): Promise<number>
}

const KEY = 'admin_token'

/** The service account's token by client credentials, kept for 0.8 of its life at most. */
export function createAdminToken({ config, configuration, fetch, cache }: AdminTokenParts): AdminToken {
  let policy = 0

  async function request(keepFor: (seconds: number) => void): Promise<string> {
    try {
      const server = (await configuration()).serverMetadata()
      const own = new client.Configuration(
        server,
        config.clientId,
        undefined,
        client.ClientSecretBasic(config.clientSecret),
      )
      own[client.customFetch] = fetch
      client.allowInsecureRequests(own)
      const tokens = await client.clientCredentialsGrant(own)
      keepFor((tokens.expiresIn() ?? 60) * 0.8)
      const notBefore = tokens['not-before-policy']
      policy = typeof notBefore === 'number' ? notBefore * 1000 : 0
      return tokens.access_token
    } catch (error) {
      throw providerError(error, 'the admin token was not given')
    }
  }

  const get = () => cache.getOrLoad(KEY, request)
  const forget = () => cache.delete(KEY)
  return {
    get,
    forget,
    async notBefore() {
      forget()
      await get()
      return policy
    },
  }
}
