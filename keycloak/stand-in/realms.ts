import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { RealmRegistry } from './admin/realms-resource.ts'
import { createLiveRealm, type LiveRealm } from './authorization/live-realm.ts'
import type { Clock } from './clock.ts'
import { createRealm } from './model/create-realm.ts'

/** The realms of a stand-in, ready to serve browsers and programs. */
export type Realms = RealmRegistry & { live(name: string): LiveRealm | undefined; allLive(): LiveRealm[] }

/** Holds realms by name. */
export function createRealms(baseUrl: string, clock: Clock): Realms {
  const realms = new Map<string, LiveRealm>()
  return {
    live: (name) => realms.get(name),
    allLive: () => [...realms.values()],
    find: (name) => realms.get(name)?.realm,
    all: () => [...realms.values()].map((live) => live.realm),
    async add(representation: RealmRepresentation) {
      const live = createLiveRealm(await createRealm(representation, baseUrl, clock), clock)
      realms.set(live.realm.name, live)
      return live.realm
    },
    remove: (name) => void realms.delete(name),
  }
}

/** Realm `master` with one administrator, who may do everything in every realm. */
export function masterRealm(admin: { username: string; password: string }): RealmRepresentation {
  const { username, password } = admin
  const credentials = [{ type: 'password', value: password }]
  const roles = { realm: [{ name: 'admin' }, { name: 'create-realm' }] }
  return {
    realm: 'master',
    enabled: true,
    accessTokenLifespan: 60,
    roles,
    users: [{ username, enabled: true, credentials, realmRoles: ['default-roles-master', 'admin', 'create-realm'] }],
  }
}
