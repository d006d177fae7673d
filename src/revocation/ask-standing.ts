import type { KeycloakEvents } from '../platform/keycloak/events/keycloak-events.ts'
import type { Log } from '../platform/observability/log.ts'

/** Milliseconds: a login's ID token carries whole seconds, and the password may have been set within the same one. */
const WITHIN_SECOND = 1_000

/**
 * Asks the account itself, for realms without events: a password reset is the one thing that renewing tokens does not show.
 * An account that cannot be asked changes nothing.
 */
export function createAskStanding(events: Pick<KeycloakEvents, 'standing'>, log: Log) {
  let failed = false
  return async function stillCounts(subject: string, issuedAt: number): Promise<boolean> {
    try {
      const standing = await events.standing(subject)
      failed = false
      if (standing === undefined || !standing.enabled || issuedAt < standing.notBefore) return false
      return standing.passwordSetAt === null || standing.passwordSetAt < issuedAt + WITHIN_SECOND
    } catch (error) {
      if (!failed) log.warn('accounts cannot be asked whether their sessions still count', { error })
      failed = true
      return true
    }
  }
}
