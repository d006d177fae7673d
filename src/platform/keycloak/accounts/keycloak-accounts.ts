import type { Credential } from '../people/credential.ts'
import type { UserDetail } from '../people/keycloak-admin.ts'

/** An account as it is at this moment; never from a cache. */
export interface Account extends UserDetail {
  /** Whether the realm lets user names be changed. */
  readonly mayChangeUsername: boolean
  /** Of what is shown of it; see `resource-version.ts`. */
  readonly version: string
}

/** What somebody has allowed an application. */
export interface Consent {
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly createdAt: string | null
}

export interface RealmRules {
  /** Undefined when the service account may not see it: it lacks `view-realm`. */
  readonly passwordPolicy: string | undefined
  /** Whether a new e-mail address counts only after it was confirmed. */
  readonly confirmsNewEmail: boolean
}

/**
 * What the gateway asks of Keycloak for the owner of an account, beside what `KeycloakUsers` writes. Every call fails with
 * KEYCLOAK_UNAVAILABLE or KEYCLOAK_REFUSED, those about an account that is not there with USER_NOT_FOUND.
 */
export interface KeycloakAccounts {
  read(id: string): Promise<Account>
  findByEmail(email: string): Promise<Account | undefined>
  /**
   * Lets Keycloak send a mail with a link to these required actions.
   * @param lifespan seconds for which the link works
   */
  mailActions(id: string, actions: readonly string[], lifespan: number): Promise<void>
  mailVerification(id: string): Promise<void>
  credentials(id: string): Promise<Credential[]>
  /** @returns whether there was one */
  removeCredential(id: string, credentialId: string): Promise<boolean>
  consents(id: string): Promise<Consent[]>
  /** Takes the tokens of that application with it. @returns whether there was one */
  withdrawConsent(id: string, clientId: string): Promise<boolean>
  rules(): Promise<RealmRules>
}
