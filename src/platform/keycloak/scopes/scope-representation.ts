import { z } from 'zod'
import type { RoleView } from '../roles/keycloak-roles.ts'
import type { Scope, ScopeFields } from './keycloak-scopes.ts'

const IN_TOKEN = 'include.in.token.scope'
const ON_SCREEN = 'display.on.consent.screen'
const CONSENT_TEXT = 'consent.screen.text'
const RESOURCE = 'cloakroom.resource'
const MARK = 'cloakroom.made-by'

/** What is read of a client scope; its mappers are left behind. */
export const scopeRepresentation = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  description: z.string().nullish(),
  protocol: z.string().nullish(),
  attributes: z
    .record(z.string(), z.string().nullable())
    .nullish()
    .transform((value) => value ?? {}),
})
export type ScopeRepresentation = z.output<typeof scopeRepresentation>

const roleRows = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullish(),
    composite: z.boolean().default(false),
  }),
)

/** The roles mapped to a scope. */
export const scopeMappings = z.object({
  realmMappings: roleRows.default([]),
  clientMappings: z
    .record(z.string(), z.object({ id: z.string(), client: z.string(), mappings: roleRows.default([]) }))
    .default({}),
})

export const isOpenIdScope = ({ protocol }: ScopeRepresentation) => protocol === 'openid-connect'
export const isMarked = ({ attributes }: ScopeRepresentation, mark: string) => attributes[MARK] === mark

export function toScope({ id, name, description, attributes }: ScopeRepresentation): Scope {
  return {
    id,
    name,
    description: description || null,
    resource: attributes[RESOURCE] || null,
    includeInTokenScope: isOn(attributes[IN_TOKEN]),
    showOnConsentScreen: isOn(attributes[ON_SCREEN]),
    consentText: attributes[CONSENT_TEXT] || null,
  }
}

/** Silence means yes, as for Keycloak. */
const isOn = (value: string | null | undefined) => (value ?? 'true').toLowerCase() === 'true'

/**
 * What is sent. Without `name` Keycloak answers 500, an absent description is kept and an empty one takes it away; named
 * attributes are merged with those that are there, null takes one away; mappers are never changed by it.
 */
export function toRepresentation({ name, description, ...others }: Partial<ScopeFields> & { name: string }): object {
  const attributes = attributesOf(others)
  return {
    name,
    protocol: 'openid-connect',
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  }
}

export function newRepresentation(fields: ScopeFields, mark: string): object {
  const { attributes, ...others } = { attributes: {}, ...toRepresentation(fields) }
  const given = Object.entries({ ...attributes, [MARK]: mark }).filter(([, value]) => value !== null)
  return { ...others, attributes: Object.fromEntries(given) }
}

type Attributes = Partial<Omit<ScopeFields, 'name' | 'description'>>

function attributesOf({ resource, includeInTokenScope, showOnConsentScreen, consentText }: Attributes) {
  return {
    ...(resource === undefined ? {} : { [RESOURCE]: resource }),
    ...(includeInTokenScope === undefined ? {} : { [IN_TOKEN]: String(includeInTokenScope) }),
    ...(showOnConsentScreen === undefined ? {} : { [ON_SCREEN]: String(showOnConsentScreen) }),
    ...(consentText === undefined ? {} : { [CONSENT_TEXT]: consentText }),
  }
}

export function toRoleViews({ realmMappings, clientMappings }: z.output<typeof scopeMappings>): RoleView[] {
  const view = (row: z.output<typeof roleRows>[number], owner: { id: string; client: string } | null): RoleView => ({
    id: row.id,
    key: owner === null ? `realm:${row.name}` : `client:${owner.client}:${row.name}`,
    name: row.name,
    description: row.description || null,
    composite: row.composite,
    clientUuid: owner?.id ?? null,
  })
  const ofClients = Object.values(clientMappings).flatMap((owner) => owner.mappings.map((row) => view(row, owner)))
  return [...realmMappings.map((row) => view(row, null)), ...ofClients].sort((a, b) => (a.key < b.key ? -1 : 1))
}
