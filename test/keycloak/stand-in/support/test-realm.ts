import { randomBytes } from 'node:crypto'
import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'

/** Where the clients of the test realm are called back; nothing listens there. */
export const callback = { gw: 'http://localhost:3999/callback', other: 'http://localhost:3998/callback' }

/** Roles that the test realm gives one service account each, `svc-<role>`. */
export const adminRoles = [
  'view-users',
  'manage-users',
  'query-users',
  'query-groups',
  'view-realm',
  'manage-realm',
  'view-clients',
  'manage-clients',
  'realm-admin',
] as const

/** A person whose password is the name with `-pw` at the end. */
export function person(realm: string, name: string, more: UserRepresentation = {}): UserRepresentation {
  return {
    username: name,
    enabled: true,
    email: `${name}@example.com`,
    emailVerified: true,
    firstName: `${name[0]?.toUpperCase()}${name.slice(1)}`,
    lastName: 'Test',
    credentials: [{ type: 'password', value: `${name}-pw` }],
    realmRoles: [`default-roles-${realm}`],
    ...more,
  }
}

const audienceMapper = {
  name: 'orders',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: { 'included.client.audience': 'orders', 'access.token.claim': 'true', 'id.token.claim': 'false' },
}
const groupMapper = {
  name: 'groups',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-group-membership-mapper',
  config: {
    'claim.name': 'groups',
    'full.path': 'true',
    'access.token.claim': 'true',
    'id.token.claim': 'true',
    'userinfo.token.claim': 'true',
  },
}

function clients(backchannel: string) {
  const logout = (name: string) => ({
    'backchannel.logout.url': `${backchannel}/${name}`,
    'backchannel.logout.session.required': 'true',
  })
  const service = { publicClient: false, standardFlowEnabled: false, serviceAccountsEnabled: true }
  return [
    {
      clientId: 'gw',
      secret: 'gw-secret',
      publicClient: false,
      redirectUris: [callback.gw],
      webOrigins: [],
      serviceAccountsEnabled: true,
      frontchannelLogout: false,
      attributes: {
        ...logout('gw'),
        'pkce.code.challenge.method': 'S256',
        'post.logout.redirect.uris': 'http://localhost:3999/',
      },
      protocolMappers: [audienceMapper, groupMapper],
    },
    {
      clientId: 'other',
      secret: 'other-secret',
      publicClient: false,
      redirectUris: [callback.other],
      webOrigins: [],
      frontchannelLogout: false,
      attributes: logout('other'),
    },
    { clientId: 'orders', secret: 'orders-secret', ...service },
    ...adminRoles.map((role) => ({ clientId: `svc-${role}`, secret: 'svc-secret', ...service })),
  ]
}

/** A realm with people, roles in composites and groups, clients with back-channel logout, and administrators. */
export function testRealm(
  overrides: RealmRepresentation = {},
  backchannel = 'http://127.0.0.1:9',
): RealmRepresentation {
  const realm = `r${randomBytes(6).toString('hex')}`
  const everybody = [`default-roles-${realm}`]
  return {
    realm,
    enabled: true,
    sslRequired: 'none',
    revokeRefreshToken: true,
    refreshTokenMaxReuse: 1,
    roles: {
      realm: [
        { name: 'customer' },
        { name: 'admin', composite: true, composites: { realm: ['customer'], client: { orders: ['write'] } } },
      ],
      client: { orders: [{ name: 'read' }, { name: 'write' }] },
    },
    groups: [{ name: 'team', clientRoles: { orders: ['read'] }, subGroups: [{ name: 'red' }] }],
    clients: clients(backchannel),
    users: [
      person(realm, 'ada', { realmRoles: [...everybody, 'admin'], groups: ['/team/red'] }),
      ...['ben', 'cyd', 'dan', 'eve'].map((name) => person(realm, name)),
      ...adminRoles.map((role) => ({
        username: `service-account-svc-${role}`,
        enabled: true,
        serviceAccountClientId: `svc-${role}`,
        realmRoles: everybody,
        clientRoles: { 'realm-management': [role] },
      })),
    ],
    ...overrides,
  }
}
