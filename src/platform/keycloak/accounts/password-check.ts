import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { GatewayError } from '../../errors/gateway-error.ts'
import { isInvalidGrant, providerError } from '../../oidc/provider-error.ts'

export interface PasswordProof {
  readonly username: string
  readonly password: string
  /** The code of an authenticator app, for accounts that have one. */
  readonly otp?: string | undefined
}

/**
 * Asks Keycloak whether this is the password of this person.
 * @returns the second it was answered in by Keycloak's clock, in milliseconds since the epoch
 * @throws GatewayError PASSWORD_WRONG, also while brute-force detection has locked the account; KEYCLOAK_UNAVAILABLE,
 * KEYCLOAK_REFUSED
 */
export type PasswordCheck = (proof: PasswordProof) => Promise<number>

export interface PasswordCheckParts {
  config: { clientId: string; clientSecret: string }
  configuration: () => Promise<client.Configuration>
  fetch: client.CustomFetch
  /** Ends the session that Keycloak opens by the way. */
  endSession: (sid: string) => Promise<unknown>
  /** By whose clock the answer is dated when Keycloak does not say whose password it was. */
  now: () => number
}

/**
 * Checks passwords with a client that exists for nothing else: confidential, so that nobody but the gateway can ask; with
 * direct access grants, which no other client has; without scopes and roles, so that what it is given opens no door. A wrong
 * password counts for Keycloak's brute-force detection like one on its own form.
 */
export function createPasswordCheck(parts: PasswordCheckParts): PasswordCheck {
  const { config, configuration, fetch, endSession, now } = parts

  async function ask({ username, password, otp }: PasswordProof) {
    const server = (await configuration()).serverMetadata()
    const auth = client.ClientSecretBasic(config.clientSecret)
    const own = new client.Configuration(server, config.clientId, undefined, auth)
    own[client.customFetch] = fetch
    client.allowInsecureRequests(own)
    const proof = { username, password, ...(otp === undefined ? {} : { totp: otp }) }
    return client.genericGrantRequest(own, 'password', proof)
  }

  return async function checkPassword(proof) {
    try {
      const tokens = await ask(proof)
      const { session_state: sid } = tokens
      // Should this fail, a session is left that nobody has tokens of.
      if (typeof sid === 'string') await endSession(sid).catch(() => undefined)
      return issuedAt(tokens.access_token) ?? now()
    } catch (error) {
      // Said only after the password was found to be right.
      if (isInvalidGrant(error) && descriptionOf(error) === 'Account is not fully set up') return now()
      if (isInvalidGrant(error)) throw new GatewayError('PASSWORD_WRONG', { cause: error })
      throw providerError(error, 'the password could not be checked')
    }
  }
}

function descriptionOf(error: unknown): string | undefined {
  return error instanceof client.ResponseBodyError ? error.error_description : undefined
}

/** Only a date is read, of a token that has just come from the token endpoint itself. */
function issuedAt(token: string): number | undefined {
  try {
    const { iat } = decodeJwt(token)
    return typeof iat === 'number' ? iat * 1000 : undefined
  } catch {
    return undefined
  }
}
