import type { Identity } from '../identity/identity.ts'
import type { Audit } from '../platform/audit/audit.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import type { Credential } from '../platform/keycloak/people/credential.ts'
import type { ProofInput } from './account-input.ts'
import type { Auditor } from './own-profile.ts'
import type { ProvePresence } from './prove-presence.ts'

export interface OwnCredentialsParts {
  accounts: Pick<KeycloakAccounts, 'credentials' | 'removeCredential' | 'consents' | 'withdrawConsent'>
  provePresence: ProvePresence
  audit: Pick<Audit, 'change'>
}

/** Those with which somebody signs in without any other. */
const SUFFICIENT = ['password', 'webauthn-passwordless']

/** What the caller signs in with, and which applications they let in. */
export function createOwnCredentials({ accounts, provePresence, audit }: OwnCredentialsParts) {
  return {
    list: ({ id }: Identity) => accounts.credentials(id),

    /**
     * Removes an authenticator app, a passkey or recovery codes; a password is changed, never removed.
     * @throws GatewayError CREDENTIAL_NOT_FOUND, LAST_CREDENTIAL, and those of `ProvePresence`
     */
    async remove(caller: Identity, credentialId: string, proof: ProofInput, by: Auditor): Promise<Credential> {
      const all = await accounts.credentials(caller.id)
      const one = all.find(({ id }) => id === credentialId)
      if (one === undefined) throw new GatewayError('CREDENTIAL_NOT_FOUND')
      const left = all.filter((other) => other !== one)
      const locksOut = SUFFICIENT.includes(one.type) && !left.some(({ type }) => SUFFICIENT.includes(type))
      if (one.type === 'password' || locksOut)
        throw new GatewayError('LAST_CREDENTIAL', { details: { type: one.type } })
      await provePresence(caller, proof)
      const target = { kind: 'user', id: caller.id } as const
      await audit.change(
        { action: 'account.remove-credential', ...by, target, before: { removedType: one.type } },
        async () => {
          if (!(await accounts.removeCredential(caller.id, one.id))) throw new GatewayError('CREDENTIAL_NOT_FOUND')
        },
      )
      return one
    },

    consents: ({ id }: Identity) => accounts.consents(id),

    /** Takes back what an application was allowed, and its tokens with it. @throws GatewayError CONSENT_NOT_FOUND */
    async withdraw(caller: Identity, clientId: string, by: Auditor): Promise<void> {
      const one = (await accounts.consents(caller.id)).find((consent) => consent.clientId === clientId)
      if (one === undefined) throw new GatewayError('CONSENT_NOT_FOUND')
      const target = { kind: 'user', id: caller.id } as const
      const before = { client: clientId, scopes: one.scopes }
      await audit.change({ action: 'account.withdraw-consent', ...by, target, before }, async () => {
        if (!(await accounts.withdrawConsent(caller.id, clientId))) throw new GatewayError('CONSENT_NOT_FOUND')
      })
    },
  }
}

export type OwnCredentials = ReturnType<typeof createOwnCredentials>
