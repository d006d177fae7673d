import { turnOfUser } from '../access/turn-of-user.ts'
import type { Identity } from '../identity/identity.ts'
import type { Audit } from '../platform/audit/audit.ts'
import type { AuditEvent } from '../platform/audit/audit-event.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { Account, KeycloakAccounts } from '../platform/keycloak/accounts/keycloak-accounts.ts'
import { versioned } from '../platform/keycloak/accounts/to-account.ts'
import { changedSince } from '../platform/keycloak/people/resource-version.ts'
import type { KeycloakUsers, UserChanges } from '../platform/keycloak/users/keycloak-users.ts'
import type { Log } from '../platform/observability/log.ts'
import type { Turns } from '../platform/redis/turns.ts'
import type { ProfileInput } from './account-input.ts'

export type Auditor = Pick<AuditEvent, 'actor' | 'address' | 'correlationId'>

export interface OwnProfileParts {
  accounts: KeycloakAccounts
  users: Pick<KeycloakUsers, 'change'>
  audit: Pick<Audit, 'change'>
  /** Over all instances: of two changes that are based on the same version the second is refused. */
  inTurn: Turns['run']
  log: Log
}

/** An account as its owner sees it. */
export type Profile = ReturnType<typeof toProfile>

export interface OwnProfile {
  read(caller: Identity): Promise<Profile>
  /**
   * Changes names at once. A new e-mail address only begins its way: Keycloak mails a link to the present one, asks there
   * for the new one, and takes it when a second link, mailed to the new one, was followed.
   * @throws GatewayError VERSION_CONFLICT, ACCOUNT_TAKEN, EMAIL_CHANGE_UNAVAILABLE, INVALID_REQUEST,
   * CHANGE_IN_PROGRESS, COORDINATION_UNAVAILABLE
   */
  update(caller: Identity, wanted: ProfileInput, by: Auditor): Promise<{ user: Profile; emailChange: 'mailed' | null }>
}

/** Seconds for which the link to change the address works. */
const LINK_LIFE = 3_600

export function createOwnProfile({ accounts, users, audit, inTurn, log }: OwnProfileParts): OwnProfile {
  async function refuseWithoutWay(account: Account): Promise<void> {
    const why = account.email === null ? 'there is no present address to confirm it from' : undefined
    const offered = why === undefined && (await accounts.rules()).confirmsNewEmail
    if (offered) return
    throw new GatewayError('EMAIL_CHANGE_UNAVAILABLE', {
      details: { why: why ?? 'the identity provider does not confirm new addresses' },
    })
  }

  async function carryOut(before: Account, changes: UserChanges, mail: boolean): Promise<void> {
    const changesNames = Object.keys(changes).length > 0
    if (changesNames) await users.change(before, changes)
    if (!mail) return
    try {
      await accounts.mailActions(before.id, ['UPDATE_EMAIL'], LINK_LIFE)
    } catch (error) {
      if (changesNames) await undo(before, changes)
      throw error
    }
  }

  async function undo(before: Account, changes: UserChanges): Promise<void> {
    const { username, firstName, lastName } = before
    const were = Object.entries({ username, firstName, lastName }).filter(([member]) => Object.hasOwn(changes, member))
    await users
      .change(before, Object.fromEntries(were))
      .catch((error: unknown) => log.error('a change of names could not be undone', { error }))
  }

  async function update(
    id: string,
    { version, email, ...wanted }: ProfileInput,
    by: Auditor,
  ): ReturnType<OwnProfile['update']> {
    const before = await accounts.read(id)
    const changed = changedSince(version, versioned(before))
    if (changed.length > 0)
      throw new GatewayError('VERSION_CONFLICT', { details: { changed, current: toProfile(before) } })
    const changes = differences(before, wanted)
    if (changes.username !== undefined && !before.mayChangeUsername)
      throw new GatewayError('INVALID_REQUEST', {
        details: { fields: [{ field: 'username', problem: 'cannot be changed here' }] },
      })
    const mail = email !== undefined && email !== before.email
    if (mail) await refuseWithoutWay(before)
    if (!mail && Object.keys(changes).length === 0) return { user: toProfile(before), emailChange: null }
    await audit.change(
      { action: 'account.update', ...by, target: { kind: 'user', id }, before: valuesOf(before, changes) },
      () => carryOut(before, changes, mail),
      () => ({ after: { ...changes, ...(mail ? { requiredActions: ['UPDATE_EMAIL'] } : {}) } }),
    )
    return { user: toProfile(await accounts.read(id)), emailChange: mail ? 'mailed' : null }
  }

  return {
    read: async ({ id }) => toProfile(await accounts.read(id)),
    update: ({ id }, wanted, by) => inTurn(turnOfUser(id), () => update(id, wanted, by)),
  }
}

function toProfile(account: Account) {
  const { id, username, email, emailVerified, firstName, lastName, createdAt, mayChangeUsername, version } = account
  return { id, username, email, emailVerified, firstName, lastName, createdAt, mayChangeUsername, version }
}

function differences(before: Account, { username, firstName, lastName }: Omit<ProfileInput, 'version'>): UserChanges {
  const changes: UserChanges = {}
  if (username !== undefined && username.toLowerCase() !== before.username) changes.username = username
  if (firstName !== (before.firstName ?? '')) changes.firstName = firstName === '' ? null : firstName
  if (lastName !== (before.lastName ?? '')) changes.lastName = lastName === '' ? null : lastName
  return changes
}

function valuesOf(before: Account, changes: UserChanges): Record<string, unknown> {
  return Object.fromEntries(Object.entries(before).filter(([member]) => Object.hasOwn(changes, member)))
}
