import type { Act, Authorize } from '../access/authorize.ts'
import type { Identity } from '../identity/identity.ts'
import type { EndReport } from '../identity/session/end-sessions.ts'
import type { Audit, ChangeEvent, ChangeResult } from '../platform/audit/audit.ts'
import type { AuditAction, AuditEvent } from '../platform/audit/audit-event.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { createTurns } from '../platform/http/turns.ts'
import type { UserDetail } from '../platform/keycloak/keycloak-admin.ts'
import type { KeycloakRoles } from '../platform/keycloak/keycloak-roles.ts'
import type { KeycloakUsers } from '../platform/keycloak/keycloak-users.ts'
import type { Log } from '../platform/observability/log.ts'

/** Who administers, and what the audit trail says of them. */
export interface Administrator {
  identity: Identity
  audited: Pick<AuditEvent, 'actor' | 'address' | 'correlationId'>
}

export interface UserDeskParts {
  users: KeycloakUsers
  roles: KeycloakRoles
  authorize: Authorize
  audit: Pick<Audit, 'change' | 'note'>
  /** Ends every session and every token of a person, here and at Keycloak. @throws GatewayError SESSION_STORE_UNAVAILABLE */
  endAccess: (userId: string) => Promise<EndReport>
  /** What was issued to a person is renewed before it is used again, so that new roles count at once. */
  renewAccess: (userId: string) => Promise<void>
  /** Every instance forgets what it knows of users and groups. */
  forget: () => Promise<unknown>
  log: Log
}

export interface Write<T> {
  action: AuditAction
  act: Act
  /** What the audit trail says of before and after; never a secret. */
  before?: unknown
  after?: unknown
  change: () => Promise<T>
  describe?: (result: T) => ChangeResult
}

/** How every administrative write of users is done: one at a time for each user, allowed, recorded, then carried out. */
export interface UserDesk extends UserDeskParts {
  /** With the user as it is at the beginning of the turn. @throws GatewayError USER_NOT_FOUND */
  withUser<T>(id: string, work: (user: UserDetail) => Promise<T>): Promise<T>
  /**
   * Asks whether it is allowed, records that it is intended, does it, records what became of it.
   * @throws GatewayError INSUFFICIENT_PERMISSIONS, LAST_ADMINISTRATOR, AUDIT_UNAVAILABLE, and whatever `change` throws
   */
  write<T>(by: Administrator, write: Write<T>): Promise<T>
}

/** Two administrators must not remove each other at once, so that nobody is left. */
const REMOVALS = ' removals'
const REFUSALS = ['INSUFFICIENT_PERMISSIONS', 'LAST_ADMINISTRATOR']

export function createUserDesk(parts: UserDeskParts): UserDesk {
  const { users, authorize, audit, forget, log } = parts
  const inTurn = createTurns()

  async function write<T>(by: Administrator, { action, act, before, after, change, describe }: Write<T>): Promise<T> {
    const event: ChangeEvent = {
      ...{ action, before, after, ...by.audited },
      target: { kind: 'user', id: act.target?.id ?? null },
    }
    await authorize(by.identity, act).catch((error: unknown) => {
      if (error instanceof GatewayError && REFUSALS.includes(error.code))
        audit.note({ ...event, outcome: 'refused', after: { error: error.code } })
      throw error
    })
    try {
      return await audit.change(event, change, describe)
    } finally {
      // Also after a failure: a write whose answer was lost may have been carried out.
      await forget().catch((error: unknown) => log.warn('caches could not be told to forget users', { error }))
    }
  }

  return {
    ...parts,
    withUser: (id, work) => inTurn(id, async () => work(await users.read(id))),
    write: (by, what) => (what.act.takes === undefined ? write(by, what) : inTurn(REMOVALS, () => write(by, what))),
  }
}
