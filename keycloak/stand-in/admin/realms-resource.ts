import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { Router } from 'express'
import { MEMBERS } from '../../realm-file/members.ts'
import { KeycloakError, plainError } from '../http/keycloak-error.ts'
import { realmRole } from '../model/role-keys.ts'
import type { Realm } from '../model/types.ts'
import { type Guarded, objectBody } from './admin-request.ts'
import { roleRow } from './representations.ts'

const knownMembers = new Set<string>(MEMBERS.realm)

/** The realms of a stand-in, as the admin API changes them. */
export type RealmRegistry = {
  find(name: string): Realm | undefined
  all(): Realm[]
  add(representation: RealmRepresentation): Promise<Realm>
  remove(name: string): void
}

function representation(realm: Realm) {
  const { settings, notBefore, id, name } = realm
  const role = realm.roles.get(realmRole(`default-roles-${name}`))
  return {
    accessTokenLifespan: 300,
    ...settings,
    id,
    notBefore,
    ...(role === undefined ? {} : { defaultRole: roleRow(realm, role) }),
  }
}

/** What of the settings is for those who may see the realm only in passing. */
const IN_PASSING = ['realm', 'registrationEmailAsUsername', 'bruteForceProtected', 'supportedLocales']

/** Absent settings are kept; `attributes` and `smtpServer` are replaced as a whole; people and clients are not touched. */
function update(realm: Realm, body: Record<string, unknown>) {
  const untouched = ['id', 'realm', 'roles', 'clients', 'users', 'groups', 'clientScopes', 'components']
  const changes = Object.entries(body).filter(([name]) => !untouched.includes(name))
  Object.assign(realm.settings, Object.fromEntries(changes))
  if (typeof body.notBefore === 'number') realm.notBefore = body.notBefore
}

/** `/admin/realms` itself: make, read, change and remove realms, so that each journey can have its own. */
export function mountRealms(router: Router, on: Guarded, onServer: Guarded, realms: RealmRegistry) {
  router.get(
    '/',
    onServer(({ admin, res }) => {
      if (!admin.isMaster) throw plainError(403)
      res.json(realms.all().map(representation))
    }),
  )
  router.post(
    '/',
    onServer(async ({ admin, req, res }) => {
      if (!admin.isMaster) throw plainError(403)
      const body = objectBody(req) as RealmRepresentation
      const isStrange = Object.keys(body).some((member) => !knownMembers.has(member))
      if (isStrange) throw new KeycloakError(400, { errorMessage: 'unable to read contents from stream' })
      const name = body.realm
      if (!name) throw new KeycloakError(400, { errorMessage: 'Realm name cannot be empty' })
      if (realms.find(name)) throw new KeycloakError(409, { errorMessage: `Realm ${name} already exists` })
      const realm = await realms.add(body)
      res.status(201).location(realm.issuer.replace('/realms/', '/admin/realms/')).end()
    }),
  )
  router.get(
    '/:realm',
    on(({ admin, realm, res }) => {
      admin.needs('view-realm', 'manage-realm', 'view-users', 'manage-users', 'view-clients', 'manage-clients')
      const all = Object.entries(representation(realm))
      const isSeen = admin.has('view-realm', 'manage-realm')
      res.json(Object.fromEntries(all.filter(([name]) => isSeen || IN_PASSING.includes(name))))
    }),
  )
  router.put(
    '/:realm',
    on(({ admin, realm, req, res }) => {
      admin.needs('manage-realm')
      update(realm, objectBody(req))
      res.status(204).end()
    }),
  )
  router.delete(
    '/:realm',
    on(({ admin, realm, res }) => {
      admin.needs('manage-realm')
      realms.remove(realm.name)
      res.status(204).end()
    }),
  )
}
