import { z } from 'zod'

/** A user as lists show it. */
export const userSummary = z.object({
  id: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  emailVerified: z.boolean(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  enabled: z.boolean(),
  createdAt: z.iso.datetime().nullable(),
})
