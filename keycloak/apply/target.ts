import type KeycloakAdminClient from '@keycloak/keycloak-admin-client'

/** The realm that is being brought to its file, and where to tell about each change made to it. */
export type Target = {
  admin: KeycloakAdminClient
  realm: string
  /** `what` is a person's line: "client cloakroom: redirectUris [...] → [...]". Called after the change is made. */
  changed: (what: string) => void
}
