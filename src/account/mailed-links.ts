import type { KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import type { InBackground } from './in-background.ts'

export interface MailedLinksParts {
  accounts: Pick<KeycloakAccounts, 'findByEmail' | 'mailActions' | 'mailVerification'>
  inBackground: InBackground
}

/** Links by mail for people who are not signed in; what is done beyond looking for the account is done after the answer. */
export interface MailedLinks {
  /** A link to choose a new password, if there is such an account. */
  forgotPassword(email: string): Promise<void>
  /** A link that verifies the address, if there is such an account and it is not verified yet. */
  verifyEmail(email: string): Promise<void>
}

/** Seconds for which a link to a new password works. */
const RESET_LIFE = 900

export function createMailedLinks({ accounts, inBackground }: MailedLinksParts): MailedLinks {
  return {
    async forgotPassword(email) {
      const account = await accounts.findByEmail(email)
      if (!account?.enabled || account.email === null) return
      const actions = account.emailVerified ? ['UPDATE_PASSWORD'] : ['VERIFY_EMAIL', 'UPDATE_PASSWORD']
      inBackground('a link to a new password could not be mailed', () =>
        accounts.mailActions(account.id, actions, RESET_LIFE),
      )
    },
    async verifyEmail(email) {
      const account = await accounts.findByEmail(email)
      if (!account?.enabled || account.email === null || account.emailVerified) return
      inBackground('a link to verify an address could not be mailed', () => accounts.mailVerification(account.id))
    },
  }
}
