import type { ServerMetadata } from 'openid-client'
import { GatewayError, unavailable } from '../platform/errors/gateway-error.ts'
import { dependencyFailureIn } from '../platform/http/dependency-failure.ts'
import type { Fetch } from '../platform/http/guarded-fetch.ts'
import { providerRefusal } from './oauth-refusal.ts'
import type { ServiceClient } from './service-client.ts'

export type ProviderEndpoint = 'token_endpoint' | 'introspection_endpoint' | 'revocation_endpoint'

/**
 * Passes a client's request on to an endpoint of the provider; answers its JSON, or an empty object where the body is
 * empty. Nothing of the client's request goes along but what is given here.
 * @throws GatewayError what the provider's refusal means; KEYCLOAK_UNAVAILABLE when it is away, slow or answers no JSON
 */
export type AskProvider = (
  endpoint: ProviderEndpoint,
  client: ServiceClient,
  parameters: Readonly<Record<string, string>>,
) => Promise<Record<string, unknown>>

export interface AskProviderParts {
  /** The provider as discovered. */
  metadata: () => Promise<ServerMetadata>
  /** A breaker, a time limit and a bulkhead of their own, so that services cannot take the room of people who sign in. */
  fetches: Readonly<Record<ProviderEndpoint, Fetch>>
}

export function createAskProvider({ metadata, fetches }: AskProviderParts): AskProvider {
  async function addressOf(endpoint: ProviderEndpoint): Promise<string> {
    const known = await metadata().catch((error: unknown) => {
      throw unavailable('KEYCLOAK_UNAVAILABLE', 'the provider is not discovered', error)
    })
    const address = known[endpoint]
    if (address === undefined)
      throw new GatewayError('PROVIDER_FEATURE_MISSING', { reason: `the provider names no ${endpoint}` })
    return address
  }

  return async function askProvider(endpoint, client, parameters) {
    const address = await addressOf(endpoint)
    const response = await fetches[endpoint](address, {
      method: 'POST',
      headers: { ...client.headers, accept: 'application/json' },
      body: new URLSearchParams({ ...parameters, ...client.parameters }),
    }).catch((error: unknown) => {
      throw unavailable('KEYCLOAK_UNAVAILABLE', dependencyFailureIn(error)?.message ?? 'the provider failed', error)
    })
    const body = jsonObject(await response.text())
    if (response.status !== 200 || body === undefined) throw providerRefusal(response.status, body)
    return body
  }
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
