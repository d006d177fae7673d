import { z } from 'zod'
import { closest } from './realm-file/closest.ts'
import { MEMBERS } from './realm-file/members.ts'

/**
 * The parts of Keycloak's realm JSON this project works with, typed; members it does not look at are allowed by name.
 * Source: the representation classes of Keycloak 26.7.3. The server refuses to start on a member it does not know.
 */
function representation<Shape extends z.ZodRawShape>(kind: keyof typeof MEMBERS, shape: Shape): z.ZodObject<Shape> {
  const known = [...MEMBERS[kind], ...Object.keys(shape)]
  const others = Object.fromEntries(MEMBERS[kind].map((name) => [name, z.unknown().optional()]))
  return z.strictObject(
    { ...others, ...shape },
    {
      error: (issue) => {
        if (issue.code !== 'unrecognized_keys') return undefined
        return (issue.keys as string[])
          .map((key) => `Keycloak knows no member "${key}" here${closest(key, known)}`)
          .join('; ')
      },
    },
  )
}

const name = z.string().min(1, 'must not be empty')
const names = z.array(name)
const namesByClient = z.record(z.string(), names)
const strings = z.record(z.string(), z.string({ error: 'must be text in quotes: Keycloak keeps these values as text' }))
const attributeLists = z.record(z.string(), z.array(z.string()))
const seconds = z.int('must be a whole number').min(0, 'must not be negative')

export const protocolMapperSchema = representation('protocolMapper', {
  name,
  protocol: z.string(),
  protocolMapper: name,
  config: strings.optional(),
})

export const clientSchema = representation('client', {
  clientId: name,
  name: z.string().optional(),
  description: z.string().optional(),
  enabled: z.boolean().optional(),
  protocol: z.string().optional(),
  publicClient: z.boolean().optional(),
  bearerOnly: z.boolean().optional(),
  clientAuthenticatorType: z.string().optional(),
  secret: z.string().optional(),
  standardFlowEnabled: z.boolean().optional(),
  implicitFlowEnabled: z.boolean().optional(),
  directAccessGrantsEnabled: z.boolean().optional(),
  serviceAccountsEnabled: z.boolean().optional(),
  frontchannelLogout: z.boolean().optional(),
  fullScopeAllowed: z.boolean().optional(),
  rootUrl: z.string().optional(),
  baseUrl: z.string().optional(),
  redirectUris: z.array(z.string()).optional(),
  webOrigins: z.array(z.string()).optional(),
  attributes: strings.optional(),
  protocolMappers: z.array(protocolMapperSchema).optional(),
  defaultClientScopes: names.optional(),
  optionalClientScopes: names.optional(),
})

export const clientScopeSchema = representation('clientScope', {
  name,
  description: z.string().optional(),
  protocol: z.string(),
  attributes: strings.optional(),
  protocolMappers: z.array(protocolMapperSchema).optional(),
})

export const roleSchema = representation('role', {
  name,
  description: z.string().optional(),
  composite: z.boolean().optional(),
  attributes: attributeLists.optional(),
  composites: z.strictObject({ realm: names.optional(), client: namesByClient.optional() }).optional(),
})

/** A group and its subgroups. Written out as a type because it holds itself. */
export type Group = {
  name: string
  attributes?: Record<string, string[]> | undefined
  realmRoles?: string[] | undefined
  clientRoles?: Record<string, string[]> | undefined
  subGroups?: Group[] | undefined
}

export const groupSchema: z.ZodType<Group> = z.lazy(() =>
  representation('group', {
    name,
    attributes: attributeLists.optional(),
    realmRoles: names.optional(),
    clientRoles: namesByClient.optional(),
    subGroups: z.array(groupSchema).optional(),
  }),
)

const credentialSchema = representation('credential', {
  type: z.string().optional(),
  value: z.string().optional(),
  temporary: z.boolean().optional(),
})

export const userSchema = representation('user', {
  username: name,
  enabled: z.boolean().optional(),
  email: z.string().optional(),
  emailVerified: z.boolean().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  attributes: attributeLists.optional(),
  credentials: z.array(credentialSchema).optional(),
  realmRoles: names.optional(),
  clientRoles: namesByClient.optional(),
  groups: names.optional(),
  serviceAccountClientId: z.string().optional(),
})

const scopeMappingSchema = representation('scopeMapping', {
  client: z.string().optional(),
  clientScope: z.string().optional(),
  roles: names,
})

export const realmSchema = representation('realm', {
  realm: name,
  displayName: z.string().optional(),
  enabled: z.boolean().optional(),
  sslRequired: z.enum(['none', 'external', 'all'], 'must be "none", "external" or "all"').optional(),
  accessTokenLifespan: seconds.optional(),
  accessCodeLifespan: seconds.optional(),
  ssoSessionIdleTimeout: seconds.optional(),
  ssoSessionMaxLifespan: seconds.optional(),
  revokeRefreshToken: z.boolean().optional(),
  refreshTokenMaxReuse: seconds.optional(),
  bruteForceProtected: z.boolean().optional(),
  duplicateEmailsAllowed: z.boolean().optional(),
  defaultSignatureAlgorithm: z.string().optional(),
  passwordPolicy: z.string().optional(),
  eventsListeners: names.optional(),
  enabledEventTypes: names.optional(),
  attributes: strings.optional(),
  smtpServer: strings.optional(),
  components: z.record(z.string(), z.unknown()).optional(),
  roles: z
    .strictObject({
      realm: z.array(roleSchema).optional(),
      client: z.record(z.string(), z.array(roleSchema)).optional(),
    })
    .optional(),
  defaultRole: roleSchema.optional(),
  groups: z.array(groupSchema).optional(),
  users: z.array(userSchema).optional(),
  clients: z.array(clientSchema).optional(),
  clientScopes: z.array(clientScopeSchema).optional(),
  scopeMappings: z.array(scopeMappingSchema).optional(),
  clientScopeMappings: z.record(z.string(), z.array(scopeMappingSchema)).optional(),
  defaultDefaultClientScopes: names.optional(),
  defaultOptionalClientScopes: names.optional(),
  requiredActions: z.array(z.looseObject({ alias: z.string().min(1) })).optional(),
  localizationTexts: z.record(z.string(), z.record(z.string(), z.string())).optional(),
})

/** A realm file, placeholders resolved and checked. */
export type Realm = z.infer<typeof realmSchema>
export type Client = z.infer<typeof clientSchema>
export type ClientScope = z.infer<typeof clientScopeSchema>
export type ProtocolMapper = z.infer<typeof protocolMapperSchema>
export type Role = z.infer<typeof roleSchema>
export type User = z.infer<typeof userSchema>
