import type { Identity } from '../identity/identity.ts'
import type { EndReport } from '../identity/session/end-sessions.ts'
import type { ReissueSession } from '../identity/session/reissue-session.ts'
import type { Audit } from '../platform/audit/audit.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import type { PasswordCheck } from '../platform/keycloak/accounts/password-check.ts'
import { brokenRules } from '../platform/keycloak/users/broken-rules.ts'
import type { KeycloakUsers } from '../platform/keycloak/users/keycloak-users.ts'
import type { PasswordInput } from './account-input.ts'
import type { Auditor } from './own-profile.ts'

export interface OwnPasswordParts {
  accounts: Pick<KeycloakAccounts, 'read' | 'rules'>
  users: Pick<KeycloakUsers, 'setPassword'>
  checkPassword: PasswordCheck | undefined
  reissueSession: ReissueSession
  endOthers: (caller: Identity) => Promise<EndReport>
  audit: Pick<Audit, 'change'>
  /** Tries are counted by person. @throws GatewayError RATE_LIMITED */
  count: (caller: Identity) => Promise<void>
  /** Milliseconds on a clock that never jumps. */
  elapsed: () => number
}

/**
 * Changes the caller's password and ends all their other sessions; the one in use goes on.
 * @throws GatewayError PASSWORD_WRONG for the current one, PASSWORD_REFUSED naming every rule that the new one breaks
 */
export type ChangeOwnPassword = (caller: Identity, input: PasswordInput, by: Auditor) => Promise<EndReport>

/** Milliseconds in which Keycloak has set the password or the attempt has failed. */
const LONGEST_CALL_MS = 15_000
const SECOND_MS = 1_000

export function createOwnPassword(parts: OwnPasswordParts): ChangeOwnPassword {
  const { accounts, users, checkPassword, reissueSession, endOthers, audit, count, elapsed } = parts

  return async function changeOwnPassword(caller, { currentPassword, newPassword, otp }, by) {
    if (checkPassword === undefined) throw new GatewayError('PROVIDER_FEATURE_MISSING')
    await count(caller)
    const [account, { passwordPolicy }] = await Promise.all([accounts.read(caller.id), accounts.rules()])
    const rules = brokenRules(passwordPolicy ?? '', newPassword, account)
    if (rules.length > 0) throw new GatewayError('PASSWORD_REFUSED', { details: { rules } })
    const start = elapsed()
    const checkedAt = await checkPassword({ username: account.username, password: currentPassword, otp })
    /** Keycloak's clock reads this at the most: its answer names a second, not a moment. */
    const keycloakNow = () => checkedAt + SECOND_MS + (elapsed() - start)

    async function setPassword(): Promise<EndReport> {
      // What ends sign-ins from before a change of password (a watch over the realm's events) may be quicker than the answer.
      const before = await redate(caller, keycloakNow() + LONGEST_CALL_MS)
      try {
        await users.setPassword(caller.id, { value: newPassword, temporary: false })
      } catch (error) {
        if (before !== undefined) await redate(caller, before)
        throw error
      }
      if (before !== undefined) await redate(caller, keycloakNow())
      return endOthers(caller)
    }

    return audit.change(
      { action: 'account.change-password', ...by, target: { kind: 'user', id: caller.id } },
      setPassword,
    )
  }

  async function redate(caller: Identity, issuedAt: number): Promise<number | undefined> {
    return caller.method === 'session' ? reissueSession(caller.sessionId, issuedAt) : undefined
  }
}
