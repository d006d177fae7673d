import { NetworkError } from '@keycloak/keycloak-admin-client'
import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { Realm } from '../realm-schema.ts'
import type { Target } from './target.ts'

/**
 * Creates the realm with everything in it by one call, unless it is there. Asks first, so that the server's log does not
 * fill with refused creations; when two do this at once, the slower one finds the realm there.
 *
 * @returns whether it has created the realm.
 */
export async function createRealm({ admin, changed }: Target, realm: Realm): Promise<boolean> {
  const exists = async () => Boolean(await admin.realms.findOne({ realm: realm.realm }))
  if (await exists()) return false
  try {
    await admin.realms.create(realm as RealmRepresentation)
  } catch (error) {
    const conflict = error instanceof NetworkError && error.response.status === 409
    if (conflict && (await exists())) return false
    throw error
  }
  changed(
    `realm ${realm.realm}: created with ${realm.clients?.length ?? 0} clients and ${realm.users?.length ?? 0} users`,
  )
  return true
}
