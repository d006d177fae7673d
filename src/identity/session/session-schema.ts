import { z } from 'zod'

const time = z.iso.datetime()

/** `SessionView`, for the description of the API. */
export const sessionSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['gateway', 'keycloak']).meta({ description: '`keycloak`: signed in at Keycloak only.' }),
    current: z.boolean(),
    device: z.string().nullable(),
    address: z.string().nullable(),
    firstSeenAt: time,
    lastSeenAt: time,
    idleExpiresAt: time.nullable(),
    absoluteExpiresAt: time.nullable(),
    keycloak: z
      .object({
        startedAt: time,
        lastSeenAt: time,
        address: z.string().nullable(),
        clients: z.array(z.string()),
        offline: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: 'Session' })

/** What a list of sessions says beside them. */
export const sessionPage = {
  total: z.int(),
  first: z.int(),
  max: z.int(),
  keycloak: z.enum(['available', 'unavailable', 'refused', 'not-configured', 'not-asked']),
}

/** `EndReport`, for the description of the API. */
export const endReportSchema = z
  .object({
    ended: z.int().meta({ description: 'Sessions of the gateway that ended.' }),
    keycloak: z
      .enum(['ended', 'none', 'kept', 'unavailable', 'refused', 'not-configured'])
      .meta({ description: 'What became of the single sign-on.' }),
  })
  .meta({ id: 'EndedSessions' })
