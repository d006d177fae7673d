import type { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Guard } from '../../http/resilience.ts'
import { type AdminCallParts, type AdminClient, createAdminCall } from '../admin-api/admin-call.ts'
import { isStatus } from '../admin-api/admin-errors.ts'
import { credentialRows, toCredential } from '../people/credential.ts'
import type { KeycloakAccounts } from './keycloak-accounts.ts'
import { consentRows, realmRow, requiredActionRows, toAccount, toConsent, userRow, userRows } from './to-account.ts'

export interface HttpKeycloakAccountsParts extends AdminCallParts {
  /** Around calls that make Keycloak send mail: a mail server that is away must not close the way to the accounts. */
  mailGuard: Guard
  /** In whose name mails are sent: the client that people sign in to. */
  signInClientId: string
}

/** Accounts by the admin API; reading takes the role `view-users`, mails and removals `manage-users`, the password policy `view-realm`. */
export function createHttpKeycloakAccounts(parts: HttpKeycloakAccountsParts): KeycloakAccounts {
  const { config, signInClientId: clientId } = parts
  const call = createAdminCall(parts)
  const mailCall = createAdminCall({ ...parts, guard: parts.mailGuard })

  async function read<T extends z.ZodType>(schema: T, ask: (kc: AdminClient) => Promise<unknown>) {
    const answer = await ofSomebody(call(ask, (answer) => answer === null || schema.safeParse(answer).success))
    // The admin client answers 404 of a single thing with null.
    if (answer === null || answer === undefined) throw new GatewayError('USER_NOT_FOUND')
    return schema.parse(answer)
  }

  return {
    read: async (id) => toAccount(await read(userRow, (kc) => kc.users.findOne({ id, userProfileMetadata: true }))),
    async findByEmail(email) {
      const [byEmail, byName] = await Promise.all([
        read(userRows, (kc) => kc.users.find({ email, exact: true, max: 1 })),
        read(userRows, (kc) => kc.users.find({ username: email, exact: true, max: 1 })),
      ])
      const [found] = [...byEmail, ...byName]
      return found === undefined ? undefined : toAccount(found)
    },
    async mailActions(id, actions, lifespan) {
      const mail = { id, clientId, lifespan, actions: [...actions] }
      await ofSomebody(mailCall((kc) => kc.users.executeActionsEmail(mail), always))
    },
    mailVerification: async (id) =>
      void (await ofSomebody(mailCall((kc) => kc.users.sendVerifyEmail({ id, clientId }), always))),
    credentials: async (id) => (await read(credentialRows, (kc) => kc.users.getCredentials({ id }))).map(toCredential),
    removeCredential: (id, credentialId) =>
      ifThere(call((kc) => kc.users.deleteCredential({ id, credentialId }), always)),
    consents: async (id) => (await read(consentRows, (kc) => kc.users.listConsents({ id }))).map(toConsent),
    withdrawConsent: (id, client) => ifThere(call((kc) => kc.users.revokeConsent({ id, clientId: client }), always)),
    async rules() {
      const { realm } = config
      const [settings, actions] = await Promise.all([
        read(realmRow, (kc) => kc.realms.findOne({ realm })),
        read(requiredActionRows, (kc) => kc.authenticationManagement.getRequiredActions()),
      ])
      const update = actions.find(({ alias, enabled }) => alias === 'UPDATE_EMAIL' && enabled)
      const confirms = settings.verifyEmail === true || update?.config.verifyEmail === 'true'
      return { passwordPolicy: settings.passwordPolicy, confirmsNewEmail: update !== undefined && confirms }
    },
  }
}

const always = () => true

async function ofSomebody<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (isStatus((error as Error).cause, 404)) throw new GatewayError('USER_NOT_FOUND', { cause: error })
    throw error
  }
}

async function ifThere(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (isStatus((error as Error).cause, 404)) return false
    throw error
  }
}
