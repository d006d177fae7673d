import type { Identity } from '../identity/identity.ts'
import type { Clock } from '../platform/clock.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import type { PasswordCheck } from '../platform/keycloak/accounts/password-check.ts'
import type { ProofInput } from './account-input.ts'

export interface ProvePresenceParts {
  accounts: Pick<KeycloakAccounts, 'read'>
  /** Undefined where no client for it is configured. */
  checkPassword: PasswordCheck | undefined
  clock: Clock
  /** Where the person signs in anew. */
  loginUrl: string
  /** Tries are counted by person. @throws GatewayError RATE_LIMITED */
  count: (caller: Identity) => Promise<void>
}

/**
 * Makes sure that it is the person who asks, and not somebody at their screen: by the password (and the code of the
 * authenticator app where there is one), or by a sign-in of the last five minutes.
 * @throws GatewayError PASSWORD_WRONG, STEP_UP_REQUIRED with the address to sign in at, RATE_LIMITED
 */
export type ProvePresence = (caller: Identity, proof: ProofInput) => Promise<void>

/** Seconds. */
const RECENT = 300

export function createProvePresence(parts: ProvePresenceParts): ProvePresence {
  const { accounts, checkPassword, clock, loginUrl, count } = parts

  return async function provePresence(caller, { currentPassword, otp }) {
    if (currentPassword === undefined) {
      if (clock.now() - (caller.authTime ?? 0) * 1000 <= RECENT * 1000) return
      const header = `Bearer realm="cloakroom", error="insufficient_user_authentication", max_age="${RECENT}"`
      throw new GatewayError('STEP_UP_REQUIRED', {
        details: { loginUrl, maxAge: RECENT },
        headers: { 'WWW-Authenticate': header },
      })
    }
    if (checkPassword === undefined) throw new GatewayError('PROVIDER_FEATURE_MISSING')
    await count(caller)
    const { username } = await accounts.read(caller.id)
    await checkPassword({ username, password: currentPassword, otp })
  }
}
