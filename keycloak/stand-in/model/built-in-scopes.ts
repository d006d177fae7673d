import type ClientScopeRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js'

type MapperRow = { name: string; type: string; config?: Record<string, string> }

const tokens = { 'access.token.claim': 'true', 'id.token.claim': 'true', 'introspection.token.claim': 'true' }
const everywhere = { ...tokens, 'userinfo.token.claim': 'true' }
const accessOnly = { 'access.token.claim': 'true', 'introspection.token.claim': 'true' }

const attribute = (name: string, source: string, claim: string, type = 'String'): MapperRow => ({
  name,
  type: 'oidc-usermodel-attribute-mapper',
  config: { ...everywhere, 'user.attribute': source, 'claim.name': claim, 'jsonType.label': type },
})
const note = (name: string, source: string, claim: string, type = 'String'): MapperRow => ({
  name,
  type: 'oidc-usersessionmodel-note-mapper',
  config: { ...tokens, 'user.session.note': source, 'claim.name': claim, 'jsonType.label': type },
})
const realmRoles = (name: string, claim: string, where: Record<string, string>): MapperRow => ({
  name,
  type: 'oidc-usermodel-realm-role-mapper',
  config: { ...where, 'claim.name': claim, multivalued: 'true' },
})

const profile = [
  { name: 'full name', type: 'oidc-full-name-mapper', config: everywhere },
  attribute('username', 'username', 'preferred_username'),
  attribute('given name', 'firstName', 'given_name'),
  attribute('family name', 'lastName', 'family_name'),
  ...[
    'middleName:middle_name',
    'nickname',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
  ]
    .map((row) => row.split(':'))
    .map(([source = '', claim = source]) => attribute(claim, source, claim)),
  attribute('updated at', 'updatedAt', 'updated_at', 'long'),
]

const scopes: Record<string, { mappers: MapperRow[]; inToken: boolean }> = {
  basic: {
    inToken: false,
    mappers: [
      note('auth_time', 'AUTH_TIME', 'auth_time', 'long'),
      { name: 'sub', type: 'oidc-sub-mapper', config: accessOnly },
    ],
  },
  acr: { inToken: false, mappers: [{ name: 'acr loa level', type: 'oidc-acr-mapper', config: tokens }] },
  roles: {
    inToken: false,
    mappers: [
      realmRoles('realm roles', 'realm_access.roles', accessOnly),
      {
        name: 'client roles',
        type: 'oidc-usermodel-client-role-mapper',
        config: { ...accessOnly, 'claim.name': 'resource_access.$' + '{client_id}.roles', multivalued: 'true' },
      },
      { name: 'audience resolve', type: 'oidc-audience-resolve-mapper', config: accessOnly },
    ],
  },
  'web-origins': {
    inToken: false,
    mappers: [{ name: 'allowed web origins', type: 'oidc-allowed-origins-mapper', config: accessOnly }],
  },
  profile: { inToken: true, mappers: profile },
  email: {
    inToken: true,
    mappers: [
      attribute('email', 'email', 'email'),
      {
        name: 'email verified',
        type: 'oidc-usermodel-property-mapper',
        config: {
          ...everywhere,
          'user.attribute': 'emailVerified',
          'claim.name': 'email_verified',
          'jsonType.label': 'boolean',
        },
      },
    ],
  },
  phone: {
    inToken: true,
    mappers: [
      attribute('phone number', 'phoneNumber', 'phone_number'),
      attribute('phone number verified', 'phoneNumberVerified', 'phone_number_verified', 'boolean'),
    ],
  },
  address: { inToken: true, mappers: [] },
  organization: { inToken: true, mappers: [] },
  'microprofile-jwt': {
    inToken: true,
    mappers: [attribute('upn', 'username', 'upn'), realmRoles('groups', 'groups', tokens)],
  },
  offline_access: { inToken: true, mappers: [] },
  service_account: {
    inToken: false,
    mappers: ['client_id', 'clientHost', 'clientAddress'].map((claim) => note(claim, claim, claim)),
  },
}

/** Scopes a client gets when neither it nor its realm names any. */
export const defaultScopeNames = ['basic', 'acr', 'roles', 'web-origins', 'profile', 'email']

/** Scopes a client may ask for when neither it nor its realm names any. */
export const optionalScopeNames = ['offline_access', 'address', 'phone', 'organization', 'microprofile-jwt']

/** The client scopes of a realm whose file declares none, in the shape a realm file has. */
export function builtInScopes(): ClientScopeRepresentation[] {
  return Object.entries(scopes).map(([name, { mappers, inToken }]) => ({
    name,
    protocol: 'openid-connect',
    attributes: { 'include.in.token.scope': String(inToken) },
    protocolMappers: mappers.map(({ name: label, type, config }) => ({
      name: label,
      protocolMapper: type,
      config: { ...config },
    })),
  }))
}
