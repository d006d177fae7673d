import { letBodyCome } from '../edge/expectation.ts'
import { createReadTokenToDeny } from '../identity/bearer/read-token-to-deny.ts'
import type { Config } from '../platform/config/config.ts'
import { createGuardedFetch } from '../platform/http/guarded-fetch.ts'
import { createAskProvider } from '../service-tokens/ask-provider.ts'
import { type ServiceTokenRoutes, serviceTokenRoutes } from '../service-tokens/service-token-routes.ts'
import type { Bearer } from './bearer.ts'
import type { Edge } from './edge.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

const TOKEN_MS = 12_000
const CALL_MS = 5_000
const ANSWER_BYTES = 262_144

/** `/api/v1/auth`: tokens for service clients, from the provider. */
export function assembleServiceTokens(
  config: Config,
  { clock, guard, metrics }: Foundation,
  edge: Edge,
  provider: Provider,
  { denylist }: Bearer,
): ServiceTokenRoutes {
  const fetchFor = (target: string, timeoutMs: number) =>
    createGuardedFetch({
      guard: guard({ target, timeoutMs }),
      maxBytes: ANSWER_BYTES,
      rewrite: config.provider.rewrite,
    })
  const askProvider = createAskProvider({
    metadata: async () => (await provider.configuration()).serverMetadata(),
    fetches: {
      token_endpoint: fetchFor('provider:service-token', TOKEN_MS),
      introspection_endpoint: fetchFor('provider:introspect', CALL_MS),
      revocation_endpoint: fetchFor('provider:revoke', CALL_MS),
    },
  })
  return serviceTokenRoutes({
    askProvider,
    denylist,
    issuer: config.bearer.issuer,
    readTokenToDeny: createReadTokenToDeny({ config: config.bearer, keySet: provider.keySet, clock }),
    failures: edge.authFailures,
    isAllowedOrigin: edge.cors.isAllowed,
    letBodyCome,
    onAnswer: metrics.serviceTokenAnswered,
  })
}
