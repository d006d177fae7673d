import { setTimeout as delay } from 'node:timers/promises'
import { NetworkError } from '@keycloak/keycloak-admin-client'
import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { Realm } from '../realm-schema.ts'
import type { Target } from './target.ts'

/**
 * Creates the realm with everything in it by one call, unless it is there. Asks first, so that the server's log does not
 * fill with refused creations. When two do this at once, the slower one finds the realm of the faster.
 *
 * @returns whether it has created the realm.
 */
export async function createRealm({ admin, changed }: Target, realm: Realm): Promise<boolean> {
  const exists = async () => Boolean(await admin.realms.findOne({ realm: realm.realm }))
  if (await exists()) return false
  try {
    await admin.realms.create(realm as RealmRepresentation)
  } catch (error) {
    if (mayBeTaken(error) && (await appears(exists))) return false
    throw error
  }
  changed(
    `realm ${realm.realm}: created with ${realm.clients?.length ?? 0} clients and ${realm.users?.length ?? 0} users`,
  )
  return true
}

/** A name that is taken is a conflict; one that is just being taken makes the database give up waiting for its lock. */
function mayBeTaken(error: unknown): boolean {
  return (
    error instanceof NetworkError && (error.response.status === 409 || error.message === 'Database operation failed')
  )
}

/** The other creation may need a few seconds more. */
async function appears(exists: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await delay(250)) {
    if (await exists()) return true
  }
  return false
}
