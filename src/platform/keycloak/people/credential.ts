import { z } from 'zod'

/** Something an account proves itself with. */
export interface Credential {
  readonly id: string
  /** Keycloak's name: `password`, `otp`, `webauthn`, `webauthn-passwordless`, … */
  readonly type: string
  readonly label: string | null
  /** ISO 8601; of a password, when it was set last. */
  readonly createdAt: string | null
}

/** What Keycloak's admin API says of credentials, as far as it is looked at: never what is secret in them. */
export const credentialRows = z.array(
  z.object({
    id: z.string(),
    type: z.string(),
    userLabel: z.string().nullish(),
    createdDate: z.number().nullish(),
  }),
)

export function toCredential(row: z.output<typeof credentialRows>[number]): Credential {
  const { id, type, userLabel, createdDate } = row
  return { id, type, label: userLabel ?? null, createdAt: isoOrNull(createdDate) }
}

/** @param milliseconds since the epoch */
export function isoOrNull(milliseconds: number | null | undefined): string | null {
  return milliseconds === null || milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}
