import { z } from 'zod'
import type { NewServiceClient, ServiceClient, ServiceClientChanges } from './keycloak-service-clients.ts'

/** The gateway's mark on a client: a client without it is never touched. */
const MANAGED = 'cloakroom.managed'
const PENDING = 'cloakroom.pending'
const LIFESPAN = 'access.token.lifespan'
const FORMER_SECRET = 'client.secret.rotated'
const FORMER_SECRET_UNTIL = 'client.secret.rotated.expiration.time'

const flag = z.boolean().default(false)

/** What is read of a client; all else, its secret above all, is left behind. */
export const clientRepresentation = z.object({
  id: z.string(),
  clientId: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  enabled: z.boolean().default(false),
  clientAuthenticatorType: z.string().default('client-secret'),
  defaultClientScopes: z.array(z.string()).default([]),
  optionalClientScopes: z.array(z.string()).default([]),
  protocolMappers: z.array(z.unknown()).default([]),
  publicClient: flag,
  standardFlowEnabled: flag,
  implicitFlowEnabled: flag,
  directAccessGrantsEnabled: flag,
  authorizationServicesEnabled: flag,
  fullScopeAllowed: flag,
  attributes: z.record(z.string(), z.string()).default({}),
})

/** @returns undefined for a client that was not registered through the gateway */
export function toServiceClient(client: z.output<typeof clientRepresentation>): ServiceClient | undefined {
  const { attributes } = client
  if (attributes[MANAGED] !== 'true') return undefined
  const until = Number(attributes[FORMER_SECRET_UNTIL])
  return {
    id: client.id,
    clientId: client.clientId,
    name: client.name || null,
    description: client.description || null,
    enabled: client.enabled,
    authentication: client.clientAuthenticatorType === 'client-jwt' ? 'private_key_jwt' : 'client_secret',
    lifetimeSeconds: wholeNumber(attributes[LIFESPAN]),
    scopes: client.defaultClientScopes.toSorted(),
    altered: isAltered(client),
    pending: attributes[PENDING] ?? null,
    formerSecretUntil: attributes[FORMER_SECRET] !== undefined && until > 0 ? until * 1000 : null,
  }
}

function isAltered(client: z.output<typeof clientRepresentation>): boolean {
  const { publicClient, standardFlowEnabled, implicitFlowEnabled, directAccessGrantsEnabled } = client
  const flows = [publicClient, standardFlowEnabled, implicitFlowEnabled, directAccessGrantsEnabled]
  const rights = [client.authorizationServicesEnabled, client.fullScopeAllowed]
  // A mapper of its own can put any role into its tokens.
  return [...flows, ...rights].includes(true) || client.protocolMappers.length + client.optionalClientScopes.length > 0
}

/** A confidential client for a service account and nothing else, disabled until it is complete. */
export function newClientRepresentation(client: NewServiceClient): object {
  const { clientId, name, description, lifetimeSeconds, scopes, keys, pending } = client
  return {
    clientId,
    name: name ?? '',
    description: description ?? '',
    enabled: false,
    protocol: 'openid-connect',
    publicClient: false,
    bearerOnly: false,
    standardFlowEnabled: false,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: true,
    authorizationServicesEnabled: false,
    consentRequired: false,
    frontchannelLogout: false,
    fullScopeAllowed: false,
    redirectUris: [],
    webOrigins: [],
    clientAuthenticatorType: keys === undefined ? 'client-secret' : 'client-jwt',
    attributes: {
      [MANAGED]: 'true',
      [PENDING]: pending,
      ...(lifetimeSeconds === null ? {} : { [LIFESPAN]: String(lifetimeSeconds) }),
      ...(keys === undefined ? {} : keyAttributes(keys)),
    },
    defaultClientScopes: scopes,
    optionalClientScopes: [],
  }
}

function keyAttributes(keys: NonNullable<NewServiceClient['keys']>): Record<string, string> {
  return 'jwks' in keys
    ? { 'use.jwks.string': 'true', 'jwks.string': keys.jwks }
    : { 'use.jwks.url': 'true', 'jwks.url': keys.jwksUrl }
}

/** Absent members are kept by Keycloak, attributes merged; an empty text takes one away. */
export function changedRepresentation(changes: ServiceClientChanges): object {
  const { name, description, lifetimeSeconds, enabled, pending } = changes
  const attributes = {
    ...(lifetimeSeconds === undefined ? {} : { [LIFESPAN]: lifetimeSeconds === null ? '' : String(lifetimeSeconds) }),
    ...(pending === undefined ? {} : { [PENDING]: '' }),
  }
  return {
    ...(name === undefined ? {} : { name: name ?? '' }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  }
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null
}
