import type { CacheRegistry } from '../platform/cache/cache-registry.ts'
import type { Outdated } from '../revocation/outdated.ts'

/** With more people than that, everything is forgotten at once. */
const MOST_PEOPLE = 50

/** What was changed at Keycloak itself is forgotten on every instance: of people only what concerns them, lists as a whole. */
export function createForgetOutdated({ clear, drop }: Pick<CacheRegistry, 'clear' | 'drop'>) {
  return async function forgetOutdated({ people, groups, roles, clients }: Outdated): Promise<void> {
    const isMany = people.size > MOST_PEOPLE
    await clear([
      ...(people.size > 0 ? ['user_lists'] : []),
      ...(isMany ? ['user_info'] : []),
      ...(isMany || groups ? ['groups'] : []),
      ...(isMany || roles ? ['roles'] : []),
      ...(clients || people.size > 0 ? ['introspection'] : []),
    ])
    if (isMany) return
    await drop(
      [...people].flatMap((id) => [
        { cache: 'user_info', key: id },
        { cache: 'groups', key: `user ${id}` },
        { cache: 'roles', key: id },
      ]),
    )
  }
}
