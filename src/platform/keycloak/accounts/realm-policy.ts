import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AdminHttp } from '../admin-api/admin-http.ts'

const count = z.number().default(0)
const flag = z.boolean().default(false)

const realm = z.object({
  realm: z.string(),
  enabled: flag,
  sslRequired: z.string().default('external'),
  registrationAllowed: flag,
  registrationEmailAsUsername: flag,
  verifyEmail: flag,
  loginWithEmailAllowed: flag,
  duplicateEmailsAllowed: flag,
  resetPasswordAllowed: flag,
  editUsernameAllowed: flag,
  rememberMe: flag,
  passwordPolicy: z.string().optional(),
  otpPolicyType: z.string().optional(),
  otpPolicyDigits: z.number().optional(),
  otpPolicyPeriod: z.number().optional(),
  bruteForceProtected: flag,
  permanentLockout: flag,
  failureFactor: count,
  waitIncrementSeconds: count,
  maxFailureWaitSeconds: count,
  maxDeltaTimeSeconds: count,
  revokeRefreshToken: flag,
  refreshTokenMaxReuse: count,
  // Whoever may not view the realm gets an answer as well, one without this.
  accessTokenLifespan: z.number().optional(),
  ssoSessionIdleTimeout: count,
  ssoSessionMaxLifespan: count,
  ssoSessionIdleTimeoutRememberMe: count,
  ssoSessionMaxLifespanRememberMe: count,
  offlineSessionIdleTimeout: count,
  accessCodeLifespanLogin: count,
  actionTokenGeneratedByUserLifespan: count,
  smtpServer: z.record(z.string(), z.unknown()).default({}),
  eventsEnabled: flag,
  eventsExpiration: count,
  adminEventsEnabled: flag,
  adminEventsDetailsEnabled: flag,
})

/** What the realm says of signing in; named members only, none of which is a secret. Durations are seconds. */
export type RealmPolicy = ReturnType<typeof toPolicy>

/** @throws GatewayError KEYCLOAK_UNAVAILABLE, or KEYCLOAK_REFUSED without `view-realm` */
export type ReadRealmPolicy = () => Promise<RealmPolicy>

export function createReadRealmPolicy(http: AdminHttp): ReadRealmPolicy {
  return async function readRealmPolicy() {
    const found = await (await http('')).read(realm)
    if (found.accessTokenLifespan === undefined)
      throw new GatewayError('KEYCLOAK_REFUSED', {
        reason: 'the service account may not see the realm: give it view-realm',
      })
    return toPolicy(found, found.accessTokenLifespan)
  }
}

function toPolicy(raw: z.output<typeof realm>, accessToken: number) {
  return {
    ...{ name: raw.realm, enabled: raw.enabled, sslRequired: raw.sslRequired },
    registrationAllowed: raw.registrationAllowed,
    registrationEmailAsUsername: raw.registrationEmailAsUsername,
    verifyEmail: raw.verifyEmail,
    loginWithEmailAllowed: raw.loginWithEmailAllowed,
    duplicateEmailsAllowed: raw.duplicateEmailsAllowed,
    resetPasswordAllowed: raw.resetPasswordAllowed,
    editUsernameAllowed: raw.editUsernameAllowed,
    rememberMe: raw.rememberMe,
    /** Whether it can send mails at all. */
    sendsMail: Object.keys(raw.smtpServer).length > 0,
    passwordPolicy: raw.passwordPolicy ?? null,
    otp: { type: raw.otpPolicyType ?? null, digits: raw.otpPolicyDigits ?? null, period: raw.otpPolicyPeriod ?? null },
    bruteForce: {
      protected: raw.bruteForceProtected,
      permanentLockout: raw.permanentLockout,
      failures: raw.failureFactor,
      waitIncrement: raw.waitIncrementSeconds,
      longestWait: raw.maxFailureWaitSeconds,
      forgottenAfter: raw.maxDeltaTimeSeconds,
    },
    lifetimes: {
      accessToken,
      sessionIdle: raw.ssoSessionIdleTimeout,
      sessionMax: raw.ssoSessionMaxLifespan,
      rememberedSessionIdle: raw.ssoSessionIdleTimeoutRememberMe,
      rememberedSessionMax: raw.ssoSessionMaxLifespanRememberMe,
      offlineSessionIdle: raw.offlineSessionIdleTimeout,
      login: raw.accessCodeLifespanLogin,
      mailedLink: raw.actionTokenGeneratedByUserLifespan,
    },
    refreshTokens: { revokedWhenUsed: raw.revokeRefreshToken, maxReuse: raw.refreshTokenMaxReuse },
    events: {
      logins: raw.eventsEnabled,
      keptFor: raw.eventsExpiration > 0 ? raw.eventsExpiration : null,
      admin: raw.adminEventsEnabled,
      adminDetails: raw.adminEventsDetailsEnabled,
    },
  }
}
