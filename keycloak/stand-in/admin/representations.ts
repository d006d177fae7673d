import type { SsoSession } from '../model/sessions.ts'
import type { Client, Group, Mapper, Realm, Role, RoleKey, User } from '../model/types.ts'
import type { Admin } from './admin-guard.ts'

/** A person in a list. `brief` leaves out what costs Keycloak more queries. */
export function userRow(user: User, admin: Admin, brief: boolean) {
  return { ...person(user, brief), access: { manage: admin.has('manage-users') } }
}

/** A single person, with all the caller may do to them. */
export function userDetail(user: User, admin: Admin) {
  const manage = admin.has('manage-users')
  const access = {
    manageGroupMembership: manage,
    resetPassword: manage,
    view: true,
    mapRoles: manage,
    impersonate: admin.has('impersonation'),
    manage,
  }
  return { ...person(user, false), access }
}

function person(user: User, brief: boolean) {
  const { id, username, firstName, lastName, email, emailVerified, enabled, createdTimestamp } = user
  const basic = { id, username, firstName, lastName, email, emailVerified, enabled, createdTimestamp }
  if (brief) return basic
  return {
    ...basic,
    ...(Object.keys(user.attributes).length > 0 ? { attributes: user.attributes } : {}),
    totp: false,
    disableableCredentialTypes: [],
    requiredActions: user.requiredActions,
    notBefore: user.notBefore,
  }
}

/** Role keys as `{ realmRoles, clientRoles }`. */
export function roleNames(keys: Iterable<RoleKey>) {
  const realmRoles: string[] = []
  const clientRoles: Record<string, string[]> = {}
  for (const key of keys) {
    const [, client, name] = /^client:(.*):([^:]*)$/.exec(key) ?? []
    if (client === undefined || name === undefined) realmRoles.push(key.replace(/^realm:/, ''))
    else clientRoles[client] = [...(clientRoles[client] ?? []), name]
  }
  return { realmRoles, clientRoles }
}

/** A group without its rights or children. */
export function groupRow(group: Group, full: boolean) {
  const { id, name, description, path, parentId } = group
  const details = full ? { attributes: group.attributes, ...roleNames(group.roles) } : {}
  const about = description === undefined ? {} : { description }
  return { id, name, ...about, path, ...(parentId === undefined ? {} : { parentId }), subGroups: [], ...details }
}

/** What the caller may do to groups. */
export function groupAccess(admin: Admin) {
  const manage = admin.has('manage-users')
  return { view: true, viewMembers: true, manageMembers: manage, manage, manageMembership: manage }
}

/** A role as role mappings list it. */
export function roleRow(realm: Realm, role: Role) {
  const container = role.client === undefined ? realm.id : (realm.clients.get(role.client)?.id ?? '')
  const { id, name, description } = role
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    composite: role.composites.size > 0,
    clientRole: role.client !== undefined,
    containerId: container,
  }
}

/** A session as a person's list of sessions has it; times in milliseconds. */
export function sessionRow(realm: Realm, session: SsoSession) {
  const clients = [...session.clients.keys()].map((clientId) => [realm.clients.get(clientId)?.id ?? clientId, clientId])
  return {
    id: session.sid,
    username: realm.users.get(session.userId)?.username,
    userId: session.userId,
    ipAddress: session.ipAddress,
    start: session.started * 1000,
    lastAccess: session.lastAccess * 1000,
    rememberMe: false,
    clients: Object.fromEntries(clients),
    transientUser: false,
  }
}

export const mapperRow = ({ name, type, config }: Mapper) => ({
  name,
  protocol: 'openid-connect',
  protocolMapper: type,
  config,
})

/** A client as the admin API shows it; the secret only to those who may manage clients. */
export function clientRow(client: Client, admin: Admin) {
  return {
    id: client.id,
    clientId: client.clientId,
    ...(client.name === undefined ? {} : { name: client.name }),
    ...(client.description === undefined ? {} : { description: client.description }),
    enabled: client.enabled,
    clientAuthenticatorType: client.authenticator,
    ...(client.secret !== undefined && admin.has('manage-clients') ? { secret: client.secret } : {}),
    redirectUris: client.redirectUris,
    webOrigins: client.webOrigins,
    notBefore: client.notBefore,
    bearerOnly: client.bearerOnly,
    standardFlowEnabled: client.standardFlow,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: client.directGrants,
    serviceAccountsEnabled: client.serviceAccounts,
    publicClient: client.publicClient,
    frontchannelLogout: client.frontchannelLogout,
    protocol: 'openid-connect',
    attributes: client.attributes,
    fullScopeAllowed: client.fullScopeAllowed,
    ...(client.mappers.length > 0 ? { protocolMappers: client.mappers.map(mapperRow) } : {}),
    defaultClientScopes: client.defaultScopes,
    optionalClientScopes: client.optionalScopes,
  }
}
