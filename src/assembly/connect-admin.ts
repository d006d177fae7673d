import type { CustomFetch } from 'openid-client'
import { createMemoryCache } from '../platform/cache/memory-cache.ts'
import type { AdminConfig, Config } from '../platform/config/config.ts'
import { createGuardedFetch } from '../platform/http/guarded-fetch.ts'
import { type AdminHttp, createAdminHttp } from '../platform/keycloak/admin-api/admin-http.ts'
import { createAdminToken } from '../platform/keycloak/admin-api/admin-token.ts'
import { checkTurnOfWrites } from './check-turn.ts'
import type { Foundation } from './foundation.ts'
import { paceAnswers } from './pace-answers.ts'
import type { Provider } from './provider.ts'

const CALL_MS = 5_000
/** A page of a hundred clients, each with its public keys. */
const ANSWER_BYTES = 4_194_304
const DAY = 86_400

export interface AdminAccount {
  config: Config
  foundation: Foundation
  provider: Provider
  /** The service account to be used. */
  account: AdminConfig
  /** Name of the circuit breaker. */
  target: string
  /** What the account must be allowed at Keycloak, for the error when it is not. */
  needs: string
}

/** A token and a breaker of its own for each account: what goes wrong here keeps nobody else from their work. */
export function connectAdmin({ config, foundation, provider, account, target, needs }: AdminAccount): AdminHttp {
  const { ttl } = config.caches.adminToken
  const token = createAdminToken({
    config: account,
    configuration: provider.configuration,
    fetch: provider.tokenFetch as CustomFetch,
    cache: createMemoryCache<string>({ name: target, ttl: ttl || DAY, maxSize: 1, clock: foundation.clock }),
  })
  const guard = paceAnswers(foundation.guard({ target, timeoutMs: CALL_MS }), foundation.turnstile)
  const fetch = createGuardedFetch({ guard, maxBytes: ANSWER_BYTES })
  return createAdminHttp({
    ...{ baseUrl: account.baseUrl, realm: account.realm, token, needs },
    fetch: checkTurnOfWrites(fetch, foundation.turns),
  })
}
