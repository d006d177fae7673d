import { hash } from 'node:crypto'
import { z } from 'zod'
import type { ServiceClient } from '../platform/keycloak/clients/keycloak-service-clients.ts'

/**
 * What each service client has: `sub`, roles with the audiences that follow from them, its name, and its `client_id`.
 * They say who it is and are not shown among its scopes.
 */
export const BASE_SCOPES: readonly string[] = ['basic', 'roles', 'profile', 'service_account']

export const clientView = z
  .object({
    id: z.string(),
    clientId: z.string(),
    name: z.string().nullable(),
    description: z.string().nullable(),
    enabled: z.boolean(),
    authentication: z.enum(['client_secret', 'private_key_jwt']),
    scopes: z.array(z.string()).meta({ description: 'In each of its tokens.' }),
    lifetimeSeconds: z.int().nullable().meta({ description: "Of its access tokens; null means the realm's." }),
    formerSecretUntil: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until when the secret before the last one still works; null when it does not.' }),
    version: z
      .string()
      .meta({ description: 'Changes with the client; a change has to name the version it is meant for.' }),
  })
  .meta({ id: 'ServiceClient' })

export type ClientView = z.output<typeof clientView>

/** A service client as administrators see it. @param now milliseconds since the epoch */
export function toClientView(client: ServiceClient, now: number): ClientView {
  const { id, clientId, name, description, enabled, authentication, lifetimeSeconds, formerSecretUntil } = client
  const scopes = client.scopes.filter((scope) => !BASE_SCOPES.includes(scope))
  const shown = { id, clientId, name, description, enabled, authentication, scopes, lifetimeSeconds }
  const overlaps = formerSecretUntil !== null && formerSecretUntil > now
  return {
    ...shown,
    formerSecretUntil: overlaps ? new Date(formerSecretUntil).toISOString() : null,
    // Keycloak keeps no versions of clients, so their content is their version.
    version: hash('sha256', JSON.stringify(shown), 'base64url').slice(0, 22),
  }
}
