import { z } from 'zod'
import { isoOrNull } from '../people/credential.ts'
import type { UserView } from '../people/keycloak-admin.ts'
import { personRow } from '../people/person-row.ts'
import { versionOf } from '../people/resource-version.ts'
import { toUserDetail } from '../people/views.ts'
import type { Account, Consent } from './keycloak-accounts.ts'

/** What Keycloak's admin API says of accounts, as far as it is looked at. */
export const userRow = personRow.extend({
  attributes: z.record(z.string(), z.array(z.string())).optional(),
  requiredActions: z.array(z.string()).optional(),
  userProfileMetadata: z
    .object({ attributes: z.array(z.object({ name: z.string(), readOnly: z.boolean().optional() })).default([]) })
    .optional(),
})
export const userRows = z.array(userRow)
export const consentRows = z.array(
  z.object({
    clientId: z.string(),
    grantedClientScopes: z.array(z.string()).default([]),
    createdDate: z.number().nullish(),
  }),
)
export const realmRow = z.object({
  realm: z.string(),
  passwordPolicy: z.string().optional(),
  verifyEmail: z.boolean().optional(),
})
export const requiredActionRows = z.array(
  z.object({
    alias: z.string(),
    enabled: z.boolean().default(false),
    config: z.record(z.string(), z.string()).default({}),
  }),
)

/** What a version of an account is made of. */
export function versioned({ username, email, emailVerified, firstName, lastName }: UserView) {
  return { username, email, emailVerified, firstName, lastName }
}

export function toAccount(row: z.output<typeof userRow>): Account {
  const view = toUserDetail(row)
  const named = row.userProfileMetadata?.attributes.find(({ name }) => name === 'username')
  return {
    ...view,
    mayChangeUsername: named !== undefined && named.readOnly !== true,
    version: versionOf(versioned(view)),
  }
}

export function toConsent({
  clientId,
  grantedClientScopes,
  createdDate,
}: z.output<typeof consentRows>[number]): Consent {
  return { clientId, scopes: [...grantedClientScopes].sort(), createdAt: isoOrNull(createdDate) }
}
