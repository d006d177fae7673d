import * as client from 'openid-client'
import type { Cache } from '../cache/cache.ts'
import { createSingleFlight } from '../cache/single-flight.ts'
import type { Clock } from '../clock.ts'
import type { ProviderConfig } from '../config/config.ts'
import type { Fetch } from '../http/guarded-fetch.ts'
import type { Log } from '../observability/log.ts'
import { providerError } from './provider-error.ts'

export interface DiscoveryParts {
  provider: ProviderConfig
  fetch: Fetch
  clientAuth: () => Promise<client.ClientAuth>
  cache: Cache<client.Configuration>
  clock: Clock
  log: Log
}

/** Openid-client's configuration; `confirmed` demands that the provider answered a moment ago. */
export type ProviderConfiguration = (options?: { confirmed: boolean }) => Promise<client.Configuration>

/** Milliseconds for which an answer counts as proof that the provider is there. */
const CONFIRMED_MS = 5_000

/**
 * The provider as discovered (OpenID Connect Discovery 1.0 section 4), fetched when first needed and again when its time
 * is over; while the provider fails, the last good document stays.
 * @returns a function that gives openid-client's configuration, or throws KEYCLOAK_UNAVAILABLE / LOGIN_ANSWER_INVALID
 */
export function createDiscovery({
  provider,
  fetch,
  clientAuth,
  cache,
  clock,
  log,
}: DiscoveryParts): ProviderConfiguration {
  const flight = createSingleFlight<client.Configuration>()
  let last: client.Configuration | undefined
  let answeredAt = Number.NEGATIVE_INFINITY

  async function discover(): Promise<client.Configuration> {
    const execute = provider.allowHttp ? [client.allowInsecureRequests] : []
    const configuration = await client
      .discovery(
        new URL(provider.issuer),
        provider.clientId,
        { id_token_signed_response_alg: provider.idTokenAlg, [client.clockTolerance]: 10 },
        await clientAuth(),
        { [client.customFetch]: fetch as client.CustomFetch, execute, timeout: 13 },
      )
      .catch((error: unknown) => {
        const issuer = foreignIssuerIn(error)
        throw issuer === undefined ? error : mismatch(issuer, provider.issuer)
      })
    const { issuer } = configuration.serverMetadata()
    // openid-client compares parsed addresses; an issuer is compared letter by letter (section 4.3).
    if (issuer !== provider.issuer) throw mismatch(issuer, provider.issuer)
    cache.set('discovery', configuration)
    last = configuration
    answeredAt = clock.now()
    return configuration
  }

  return async function configuration({ confirmed } = { confirmed: false }) {
    const fresh = cache.get('discovery')
    const recent = !confirmed || clock.now() - answeredAt < CONFIRMED_MS
    if (fresh !== undefined && recent) return fresh
    try {
      return await flight('discovery', discover)
    } catch (error) {
      if (last === undefined || confirmed) throw providerError(error, 'discovery failed')
      log.warn('the provider cannot be discovered again; the last good answer stays in use', { error })
      return last
    }
  }
}

function mismatch(found: string, configured: string): Error {
  return new Error(`the provider calls itself ${found}, but ${configured} is configured`)
}

/** The issuer that openid-client did not accept: the operator has to see it to mend the configuration. */
function foreignIssuerIn(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const { attribute, body } = (at.cause ?? {}) as { attribute?: unknown; body?: { issuer?: unknown } }
    if (attribute === 'issuer' && typeof body?.issuer === 'string') return body.issuer.slice(0, 200)
  }
  return undefined
}
