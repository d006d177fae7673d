import type { Act, Authorize } from '../../access/authorize.ts'
import { EVERY_PERMISSION, permissionsOf } from '../../access/permissions.ts'
import type { Identity } from '../../identity/identity.ts'
import { GatewayError, unavailable } from '../../platform/errors/gateway-error.ts'
import type { UserDetail } from '../../platform/keycloak/people/keycloak-admin.ts'
import type { Log } from '../../platform/observability/log.ts'
import { within } from '../../platform/within.ts'

/**
 * May this caller end sessions of that person, or, where nobody knows whose they are, of anybody? By the rules of
 * `judge-write.ts`, except that everybody may end their own. While Keycloak cannot be asked who stands above whom, full
 * administrators alone may: taking access away must not wait for Keycloak to come back.
 * @throws GatewayError INSUFFICIENT_PERMISSIONS with the rule; KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED, KEYCLOAK_REQUIRED
 */
export type MayEndSessions = (by: Identity, whose: string | 'anybody') => Promise<void>

export interface MayEndSessionsParts {
  /** Undefined where no Keycloak is administered. */
  rules: { authorize: Authorize; users: { read(id: string): Promise<UserDetail> } } | undefined
  log: Log
}

/** Milliseconds that are waited for Keycloak's word; the ending itself still has to come. */
const PATIENCE_MS = 3_000
const AWAY = ['KEYCLOAK_UNAVAILABLE', 'KEYCLOAK_REFUSED', 'KEYCLOAK_REQUIRED']
const ENDING = { permission: 'sessions.end', isForOneself: true } as const

export function createMayEndSessions({ rules, log }: MayEndSessionsParts): MayEndSessions {
  async function judge(by: Identity, whose: string): Promise<void> {
    if (rules === undefined)
      throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'without KEYCLOAK_ADMIN_CLIENT_ID no rank is known' })
    const { authorize, users } = rules
    const act: Act = whose === 'anybody' ? { ...ENDING, also: EVERY_PERMISSION } : ENDING
    // Whoever holds administrative roles of Keycloak may still end what is their own.
    const isAboutNobody = whose === 'anybody' || whose === by.id
    const asked = isAboutNobody
      ? authorize(by, act)
      : users
          .read(whose)
          .catch(gone)
          .then((target) => authorize(by, { ...act, target }))
    await within(PATIENCE_MS, asked, () =>
      unavailable('KEYCLOAK_UNAVAILABLE', 'Keycloak did not say whose it is in time'),
    )
  }

  return async function mayEndSessions(by, whose) {
    try {
      await judge(by, whose)
    } catch (error) {
      const isAway = error instanceof GatewayError && AWAY.includes(error.code)
      if (!isAway || permissionsOf(by).size < EVERY_PERMISSION.length) throw error
      log.warn('sessions are ended by the word of the token alone: Keycloak cannot be asked about rank', {
        by: by.id,
        error,
      })
    }
  }
}

/** Sessions of a person whom Keycloak has lost are nobody's any more. */
function gone(error: unknown): undefined {
  if (error instanceof GatewayError && error.code === 'USER_NOT_FOUND') return undefined
  throw error
}
