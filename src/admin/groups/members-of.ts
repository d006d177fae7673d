import type { KeycloakGroups } from '../../platform/keycloak/groups/keycloak-groups.ts'

/** Who is concerned by a change of groups; too many to be named are everyone. */
export type MembersConcerned = readonly string[] | 'everyone'

const PAGE = 100
const MOST_MEMBERS = 500
/** Each costs a call. */
const MOST_GROUPS = 50

/**
 * Reads who is in any of these groups, each once. For more than 50 groups or 500 members the answer is `everyone`: then one
 * mark for all costs less than hundreds, and whoever is not concerned renews a token once more than needed.
 */
export function createMembersOf(groups: Pick<KeycloakGroups, 'members'>) {
  return async function membersOf(ids: readonly string[]): Promise<MembersConcerned> {
    if (ids.length > MOST_GROUPS) return 'everyone'
    const found = new Set<string>()
    for (const id of ids) {
      for (let first = 0, more = true; more; first += PAGE) {
        const part = await groups.members(id, { first, max: PAGE })
        for (const user of part.rows) found.add(user.id)
        if (found.size > MOST_MEMBERS) return 'everyone'
        more = part.more
      }
    }
    return [...found]
  }
}
