import type { Realm } from '../realm-schema.ts'
import { checkClients } from './check-clients.ts'
import { checkRoles } from './check-roles.ts'
import { checkScopes } from './check-scopes.ts'
import { checkSettings } from './check-settings.ts'
import { checkUsers } from './check-users.ts'
import { declaredNames } from './declared-names.ts'
import { jsonPath, type Problem } from './problem.ts'

/**
 * What Keycloak's importer would accept in silence and get wrong, or refuse without saying why: names that refer to
 * nothing, masked secrets, users without default roles, addresses with wildcards and the like. In the order of the file.
 */
export function checkRealm(realm: Realm): Problem[] {
  const problems: Problem[] = []
  const report = (path: readonly PropertyKey[], message: string) =>
    void problems.push({ path: jsonPath(path), message })
  const names = declaredNames(realm)
  checkSettings(realm, report)
  checkRoles(realm, names, report)
  checkUsers(realm, names, report)
  checkClients(realm, names, report)
  checkScopes(realm, names, report)
  return problems
}
