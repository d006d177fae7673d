import type { KeepAnAdministrator } from '../access/keep-an-administrator.ts'
import type { Identity } from '../identity/identity.ts'
import type { EndReport } from '../identity/session/end-sessions.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import type { KeycloakUsers } from '../platform/keycloak/users/keycloak-users.ts'
import type { ProofInput } from './account-input.ts'
import type { Auditor } from './own-profile.ts'
import type { ProvePresence } from './prove-presence.ts'

export interface LeaveParts {
  accounts: Pick<KeycloakAccounts, 'read'>
  users: Pick<KeycloakUsers, 'change'>
  provePresence: ProvePresence
  /** Without anybody to administer the realm nobody could bring an account back. */
  keepAnAdministrator: KeepAnAdministrator
  endAll: (caller: Identity) => Promise<EndReport>
  /** Makes every token that was issued until now worthless, on every instance. */
  endCredentials: (caller: Identity) => Promise<void>
  audit: Pick<Audit, 'change'>
}

/**
 * Gives an account up: it is disabled, so that nobody signs in with it and an administrator can bring it back, and every
 * session and token ends. Disabled first: should the rest fail, Keycloak refuses it everywhere already, and the watch over
 * the realm's events ends what is left here.
 * @throws GatewayError PASSWORD_WRONG, STEP_UP_REQUIRED, LAST_ADMINISTRATOR
 */
export type Leave = (caller: Identity, proof: ProofInput, by: Auditor) => Promise<EndReport>

export function createLeave(parts: LeaveParts): Leave {
  const { accounts, users, provePresence, keepAnAdministrator, endAll, endCredentials, audit } = parts
  return async function leave(caller, proof, by) {
    await provePresence(caller, proof)
    const account = await accounts.read(caller.id)
    const go = () =>
      audit.change(
        {
          action: 'account.delete',
          ...by,
          target: { kind: 'user', id: caller.id },
          before: { enabled: account.enabled },
        },
        async () => {
          await users.change(account, { enabled: false })
          await endCredentials(caller)
          return endAll(caller)
        },
        () => ({ after: { enabled: false } }),
      )
    return keepAnAdministrator(caller.id, go)
  }
}
