import type { createLocalJWKSet } from 'jose'
import type { Configuration } from 'openid-client'
import type { Config } from '../platform/config/config.ts'
import { createGuardedFetch, type Fetch } from '../platform/http/guarded-fetch.ts'
import { createClientAuth } from '../platform/oidc/client-auth.ts'
import { createDiscovery } from '../platform/oidc/discovery.ts'
import { createKeySet, type KeySet } from '../platform/oidc/key-set.ts'
import { createRelyingParty, type RelyingParty } from '../platform/oidc/relying-party.ts'
import { createVerifyIdToken } from '../platform/oidc/verify-id-token.ts'
import { createVerifyLogoutToken, type VerifyLogoutToken } from '../platform/oidc/verify-logout-token.ts'
import type { Caches } from './caches.ts'
import type { Foundation } from './foundation.ts'

export interface Provider {
  configuration: () => Promise<Configuration>
  keySet: KeySet
  relyingParty: RelyingParty
  verifyLogoutToken: VerifyLogoutToken
  /** For calls to the token endpoint by other clients. */
  tokenFetch: Fetch
}

/** A provider that takes 10 s is slow, not away. */
const TOKEN_TIMEOUT_MS = 12_000
const KEYS_TIMEOUT_MS = 5_000
const DISCOVERY_SECONDS = 600

/** Everything the gateway says to the identity provider: discovery, keys, tokens; a breaker for each. */
export function assembleProvider(config: Config, { clock, log, metrics, guard }: Foundation, caches: Caches): Provider {
  const { provider, server } = config
  const fetchFor = (target: string, timeoutMs: number) =>
    createGuardedFetch({ guard: guard({ target, timeoutMs }), rewrite: provider.rewrite })
  const tokenFetch = fetchFor('provider:token', TOKEN_TIMEOUT_MS)
  const discoveryFetch = fetchFor('provider:discovery', KEYS_TIMEOUT_MS)
  // One openid-client configuration serves both; each endpoint still has a breaker of its own.
  const fetch: Fetch = (url, init) => (url.includes('/.well-known/') ? discoveryFetch : tokenFetch)(url, init)
  const configuration = createDiscovery({
    provider,
    fetch,
    clientAuth: createClientAuth(provider),
    cache: caches.make('discovery', { ttl: DISCOVERY_SECONDS, maxSize: 1 }),
    clock,
    log,
  })
  const keySet = createKeySet({
    async jwksUri() {
      const { jwks_uri } = (await configuration()).serverMetadata()
      if (jwks_uri === undefined) throw new Error('the provider names no key set')
      return jwks_uri
    },
    fetch: fetchFor('provider:keys', KEYS_TIMEOUT_MS),
    cache: caches.make<ReturnType<typeof createLocalJWKSet>>('jwks', config.caches.jwks, {
      keepStale: config.caches.jwks.maxStale,
    }),
    maxStale: config.caches.jwks.maxStale,
    clock,
    log,
    onStale: () => metrics.cacheRead('jwks', 'stale'),
  })
  const relyingParty = createRelyingParty({
    provider,
    redirectUri: `${server.publicUrl}/callback`,
    configuration,
    verifyIdToken: createVerifyIdToken(provider, keySet, clock),
    onRevocationFailure: (error) => log.warn('a token could not be revoked at the provider', { error }),
    onUserinfoFailure: (error) => log.warn('no userinfo after a refresh; the claims that are known stay', { error }),
  })
  return {
    configuration,
    keySet,
    relyingParty,
    verifyLogoutToken: createVerifyLogoutToken(provider, keySet, clock),
    tokenFetch,
  }
}
