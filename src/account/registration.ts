import type { Audit } from '../platform/audit/audit.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { Account, KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import { brokenRules } from '../platform/keycloak/users/broken-rules.ts'
import type { KeycloakUsers } from '../platform/keycloak/users/keycloak-users.ts'
import type { Log } from '../platform/observability/log.ts'
import type { RegistrationInput } from './account-input.ts'
import type { InBackground } from './in-background.ts'
import type { Auditor } from './own-profile.ts'
import { probeAddress } from './probe-address.ts'

export interface RegistrationParts {
  accounts: Pick<KeycloakAccounts, 'findByEmail' | 'rules' | 'mailActions' | 'mailVerification'>
  users: Pick<KeycloakUsers, 'create' | 'remove'>
  audit: Pick<Audit, 'record' | 'note'>
  inBackground: InBackground
  /** Only what passes the rules sends mail. @throws GatewayError RATE_LIMITED */
  countMail: (email: string) => Promise<void>
  /** A name that nobody has. */
  madeUpName: () => string
  log: Log
}

/**
 * Makes an account that can be used once its address is verified. Whoever asks is told the same, after the same work,
 * whether or not there is an account with this address; only its owner learns more, by mail.
 * @throws GatewayError PASSWORD_REFUSED naming every broken rule, INVALID_REQUEST
 */
export type Register = (wanted: RegistrationInput, by: Auditor) => Promise<void>

/** Seconds for which links work that nobody who was signed in has asked for. */
const LINK_LIFE = 3_600
const UNFIT_ADDRESS = { field: 'email', problem: 'cannot be used as address and user name' }

export function createRegistration(parts: RegistrationParts): Register {
  const { accounts, users, audit, inBackground, countMail, madeUpName, log } = parts

  /** As much work for Keycloak as a new account, and the same rules; nobody can sign in with it, and it goes at once. */
  async function pretend(wanted: RegistrationInput): Promise<string> {
    const email = probeAddress(madeUpName(), wanted.email)
    return users.create({ ...newUser({ ...wanted, email }), enabled: false }).catch(throwInTheirWords)
  }

  /** Whoever owns the address may have forgotten the account, or never have verified it; the password is theirs to choose. */
  async function remindOwner(account: Account, probe: string): Promise<void> {
    await users
      .remove(probe)
      .catch((error: unknown) => log.error('a probe user was left behind', { error, user: probe }))
    if (!account.enabled) return
    const actions = account.emailVerified ? ['UPDATE_PASSWORD'] : ['VERIFY_EMAIL', 'UPDATE_PASSWORD']
    await accounts.mailActions(account.id, actions, LINK_LIFE)
  }

  /** Without the mail nobody could ever use it, nor register again. */
  async function invite(id: string): Promise<void> {
    try {
      await accounts.mailVerification(id)
    } catch (error) {
      await users.remove(id)
      throw error
    }
  }

  return async function register(wanted, by) {
    const { email, password, firstName, lastName } = wanted
    const { passwordPolicy } = await accounts.rules()
    const rules = brokenRules(passwordPolicy ?? '', password, { username: email, email })
    if (rules.length > 0) throw new GatewayError('PASSWORD_REFUSED', { details: { rules } })
    await countMail(email)
    const event = { action: 'account.register', ...by } as const
    await audit.record({ ...event, outcome: 'intended' })
    const known = await accounts.findByEmail(email)
    if (known !== undefined) {
      const probe = await pretend(wanted)
      audit.note({ ...event, outcome: 'refused', target: { kind: 'user', id: known.id } })
      return inBackground('the owner of an address could not be told of a registration', () =>
        remindOwner(known, probe),
      )
    }
    const id = await createOnce(wanted)
    if (id === undefined) return
    const target = { kind: 'user', id } as const
    audit.note({ ...event, outcome: 'ok', target, after: { username: email, email, firstName, lastName } })
    inBackground('a registration was taken back: its mail could not be sent', () => invite(id))
  }

  /** Somebody else may have been quicker by a moment; that is told to nobody either. */
  async function createOnce(wanted: RegistrationInput): Promise<string | undefined> {
    try {
      return await users.create(newUser(wanted))
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'ACCOUNT_TAKEN') return undefined
      return throwInTheirWords(error)
    }
  }
}

/** Nobody has sent a user name: it is the address that cannot be one, and which of the two Keycloak minds is all the same. */
function throwInTheirWords(error: unknown): never {
  const fields = error instanceof GatewayError && error.code === 'INVALID_REQUEST' ? error.details.fields : undefined
  if (!Array.isArray(fields)) throw error
  const others = fields.filter(({ field }) => field !== 'email' && field !== 'username')
  const address = others.length < fields.length ? [UNFIT_ADDRESS] : []
  throw new GatewayError('INVALID_REQUEST', { details: { fields: [...others, ...address] }, cause: error })
}

function newUser({ email, firstName, lastName, password }: RegistrationInput) {
  return {
    ...{ username: email, email, enabled: true, emailVerified: false, attributes: {} },
    firstName: firstName === '' ? null : firstName,
    lastName: lastName === '' ? null : lastName,
    requiredActions: ['VERIFY_EMAIL'],
    password: { value: password, temporary: false },
  }
}
