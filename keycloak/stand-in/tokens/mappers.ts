import { groupLine } from '../model/effective-roles.ts'
import type { Client, Mapper, Realm, RoleKey, User } from '../model/types.ts'

export type Claims = Record<string, unknown>

/** Where claims are going: Keycloak switches each mapper on or off for each of these. */
export type ClaimTarget = 'access' | 'id' | 'userinfo' | 'introspection'

/** Everything mappers look at. */
export type Subject = {
  realm: Realm
  client: Client
  user: User
  /** Roles the token may show. */
  roles: Set<RoleKey>
  acr?: string
  /** The session's notes: `AUTH_TIME`, and for service accounts `client_id`, `clientHost`, `clientAddress`. */
  notes: Record<string, string | number>
}

/** What mappers write into. */
export type ClaimSink = { set(path: string[], value: unknown): void; audience(name: string): void }

type Effect = (subject: Subject, config: Record<string, string>, sink: ClaimSink) => void

const flags: Record<ClaimTarget, string> = {
  access: 'access.token.claim',
  id: 'id.token.claim',
  userinfo: 'userinfo.token.claim',
  introspection: 'introspection.token.claim',
}
const path = (config: Record<string, string>) => (config['claim.name'] ?? '').split('.')

function typed(value: unknown, type: string | undefined): unknown {
  if (type === 'boolean') return String(value) === 'true'
  if (type === 'long' || type === 'int') return Number(value)
  if (type === 'JSON' && typeof value === 'string') return JSON.parse(value)
  return value
}

function attributeValues(user: User, name: string): unknown[] {
  const properties: Record<string, unknown> = {
    username: user.username,
    email: user.email,
    emailVerified: user.emailVerified,
    firstName: user.firstName,
    lastName: user.lastName,
  }
  const own = properties[name]
  return name in properties ? (own === undefined ? [] : [own]) : (user.attributes[name] ?? [])
}

const attribute: Effect = ({ user }, config, sink) => {
  const values = attributeValues(user, config['user.attribute'] ?? '').map((one) =>
    typed(one, config['jsonType.label']),
  )
  if (values.length > 0) sink.set(path(config), config.multivalued === 'true' ? values : values[0])
}

function clientRolesOf(roles: Set<RoleKey>): Map<string, string[]> {
  const byClient = new Map<string, string[]>()
  for (const key of roles) {
    const [, client, role] = /^client:(.*):([^:]*)$/.exec(key) ?? []
    if (client !== undefined && role !== undefined) byClient.set(client, [...(byClient.get(client) ?? []), role])
  }
  return byClient
}

const effects: Record<string, Effect> = {
  'oidc-usermodel-attribute-mapper': attribute,
  'oidc-usermodel-property-mapper': attribute,
  'oidc-full-name-mapper': ({ user }, _config, sink) => {
    const name = [user.firstName, user.lastName].filter(Boolean).join(' ')
    if (name) sink.set(['name'], name)
  },
  'oidc-sub-mapper': ({ user }, _config, sink) => sink.set(['sub'], user.id),
  'oidc-acr-mapper': ({ acr }, _config, sink) => acr !== undefined && sink.set(['acr'], acr),
  'oidc-usersessionmodel-note-mapper': ({ notes }, config, sink) => {
    const value = notes[config['user.session.note'] ?? '']
    if (value !== undefined) sink.set(path(config), typed(value, config['jsonType.label']))
  },
  'oidc-usermodel-realm-role-mapper': ({ roles }, config, sink) => {
    const prefix = config['usermodel.realmRoleMapping.rolePrefix'] ?? ''
    const names = [...roles].filter((key) => key.startsWith('realm:')).map((key) => prefix + key.slice(6))
    if (names.length > 0) sink.set(path(config), names)
  },
  'oidc-usermodel-client-role-mapper': ({ roles }, config, sink) => {
    const only = config['usermodel.clientRoleMapping.clientId']
    for (const [client, names] of clientRolesOf(roles)) {
      if (only && only !== client) continue
      sink.set(
        path(config).map((part) => part.replace('$' + '{client_id}', client)),
        names,
      )
    }
  },
  'oidc-audience-resolve-mapper': ({ client, realm, roles }, _config, sink) => {
    for (const name of clientRolesOf(roles).keys()) {
      if (name !== client.clientId && realm.clients.get(name)?.enabled) sink.audience(name)
    }
  },
  'oidc-audience-mapper': ({ realm }, config, sink) => {
    const named = config['included.client.audience']
    if (named && realm.clients.get(named)?.enabled !== false) sink.audience(named)
    else if (config['included.custom.audience']) sink.audience(config['included.custom.audience'])
  },
  'oidc-group-membership-mapper': ({ realm, user }, config, sink) => {
    const lines = [...user.groups].map((id) => groupLine(realm, id)[0]).filter((group) => group !== undefined)
    const names = lines.map((group) => (config['full.path'] === 'false' ? group.name : group.path))
    if (names.length > 0) sink.set(path(config), names)
  },
  'oidc-hardcoded-claim-mapper': (_subject, config, sink) =>
    sink.set(path(config), typed(config['claim.value'], config['jsonType.label'])),
  'oidc-allowed-origins-mapper': ({ client }, _config, sink) => {
    const origins = client.webOrigins.flatMap((one) => (one === '+' ? client.redirectUris.map(originOf) : one))
    if (origins.length > 0) sink.set(['allowed-origins'], [...new Set(origins)])
  },
}

const originOf = (uri: string) => (URL.canParse(uri) ? new URL(uri).origin : uri)

/** Runs one mapper, if it is switched on for this target and of a kind the stand-in knows. */
export function runMapper(mapper: Mapper, target: ClaimTarget, subject: Subject, sink: ClaimSink): void {
  const isOn =
    target === 'introspection' ? mapper.config[flags[target]] !== 'false' : mapper.config[flags[target]] === 'true'
  if (isOn) effects[mapper.type]?.(subject, mapper.config, sink)
}
