import { z } from 'zod'
import { setting } from './setting.ts'

const group = 'Sessions'
const wrong = 'must be a whole number from 1 to 3600 (seconds), or off'

export const revocationSettings = {
  REVALIDATION_INTERVAL: setting(
    z
      .string()
      .regex(/^(off|[1-9]\d{0,2}|[12]\d{3}|3[0-5]\d{2}|3600)$/, wrong)
      .default('30')
      .transform((text) => (text === 'off' ? undefined : Number(text))),
    {
      group,
      doc: "Seconds within which a person who was disabled, deleted, signed out or given a new password by an administrator loses access, and changed roles show, although Keycloak sends no message; `off` leaves it to the life of the access token. One instance of the cluster reads the realm's events for it; that needs `KEYCLOAK_ADMIN_CLIENT_ID` with the roles `view-events` and `view-users`.",
    },
  ),
}

interface Concerned {
  OIDC_ISSUER?: string | undefined
  KEYCLOAK_ADMIN_CLIENT_ID?: string | undefined
  REVALIDATION_INTERVAL: number | undefined
}

/** What deserves a line at start, if anything. */
export function revocationWarning(s: Concerned): string | undefined {
  const consequence =
    'whoever is disabled, deleted or loses a role at the provider keeps access until the access token is renewed'
  if (s.REVALIDATION_INTERVAL === undefined) return `REVALIDATION_INTERVAL is off: ${consequence}`
  if (s.OIDC_ISSUER !== undefined)
    return `OIDC_ISSUER is set, so there are no events of Keycloak to follow: ${consequence}`
  if (s.KEYCLOAK_ADMIN_CLIENT_ID === undefined)
    return `KEYCLOAK_ADMIN_CLIENT_ID is not set, so the events of the realm cannot be followed: ${consequence}`
  return undefined
}
