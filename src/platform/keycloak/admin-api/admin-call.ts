import type { AdminConfig } from '../../config/config.ts'
import { DependencyFailure } from '../../http/dependency-failure.ts'
import type { Guard } from '../../http/resilience.ts'
import { adminError, asDependencyFailure, isStatus } from './admin-errors.ts'
import type { AdminToken } from './admin-token.ts'

export type AdminClient = InstanceType<typeof import('@keycloak/keycloak-admin-client').default>

export interface AdminCallParts {
  config: AdminConfig
  token: Pick<AdminToken, 'get' | 'forget'>
  guard: Guard
}

/**
 * One call of the admin API; `fits` tells whether the answer is of the kind that was asked for.
 * @throws GatewayError
 */
export type AdminCall = <T>(
  operation: (kc: AdminClient) => Promise<T>,
  fits: (answer: unknown) => boolean,
) => Promise<T>

const CALL_TIMEOUT_MS = 5_000

/** Calls through @keycloak/keycloak-admin-client, inside bulkhead → retry → breaker → timeout. */
export function createAdminCall({ config, token, guard }: AdminCallParts): AdminCall {
  let pending: Promise<AdminClient> | undefined

  /** Loaded when first needed: the library is heavy and the hot path does without it. */
  function client(): Promise<AdminClient> {
    pending ??= import('@keycloak/keycloak-admin-client').then(({ default: Client }) => {
      const made = new Client({ baseUrl: config.baseUrl, realmName: config.realm, timeout: CALL_TIMEOUT_MS })
      made.registerTokenProvider({ getAccessToken: token.get })
      return made
    })
    return pending
  }

  return async function adminCall(operation, fits) {
    const kc = await client()
    const attempt = () =>
      guard.execute(async () => {
        try {
          const answer = await operation(kc)
          // A proxy or a login page in front of Keycloak answers 200 too; what it says is no answer.
          if (!fits(answer)) throw new DependencyFailure('server-error', 'the admin API gave an answer of another kind')
          return answer
        } catch (error) {
          throw asDependencyFailure(error)
        }
      })
    try {
      return await attempt().catch((error: unknown) => {
        if (!isStatus(error, 401)) throw error
        // The token may have been revoked, or the keys changed: ask once more with a new one.
        token.forget()
        return attempt()
      })
    } catch (error) {
      throw adminError(error)
    }
  }
}
