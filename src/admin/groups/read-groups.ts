import type { GroupDetail, KeycloakGroups, Part } from '../../platform/keycloak/groups/keycloak-groups.ts'
import type {
  GroupList,
  GroupQuery,
  GroupView,
  KeycloakAdmin,
  Page,
  UserView,
} from '../../platform/keycloak/people/keycloak-admin.ts'
import { type MaybeStale, readOrLastKnown } from '../answer-maybe-stale.ts'

/** A group, and how many are in it directly: counted up to a hundred, because Keycloak does not tell. */
export interface CountedGroup {
  group: GroupDetail
  members: { count: number; more: boolean }
}

export interface ReadGroups {
  /** From the cache where it is fresh; as last known, with its age, while Keycloak is away. */
  find(query: GroupQuery): Promise<MaybeStale<GroupList>>
  /** Likewise. @throws GatewayError USER_NOT_FOUND */
  ofUser(userId: string): Promise<MaybeStale<GroupView[]>>
  /** @throws GatewayError GROUP_NOT_FOUND */
  one(id: string): Promise<CountedGroup>
  /** @throws GatewayError GROUP_NOT_FOUND */
  children(id: string, query: Page & { search?: string | undefined }): Promise<Part<GroupDetail>>
  /** @throws GatewayError GROUP_NOT_FOUND */
  members(id: string, page: Page): Promise<Part<UserView>>
}

const COUNTED = { first: 0, max: 100 }

/** @param people may answer from a cache, @param groups never does, @param isAway whether Keycloak's breaker is open */
export function createReadGroups(
  people: Pick<KeycloakAdmin, 'groups' | 'groupsOfUser' | 'lastKnown'>,
  groups: Pick<KeycloakGroups, 'read' | 'children' | 'members'>,
  isAway: () => boolean,
): ReadGroups {
  return {
    find: (query) =>
      readOrLastKnown(
        () => people.groups(query),
        () => people.lastKnown.groups(query),
        isAway,
      ),
    ofUser: (id) =>
      readOrLastKnown(
        () => people.groupsOfUser(id),
        () => people.lastKnown.groupsOfUser(id),
        isAway,
      ),
    async one(id) {
      const [group, { rows, more }] = await Promise.all([groups.read(id), groups.members(id, COUNTED)])
      return { group, members: { count: rows.length, more } }
    },
    children: groups.children,
    members: groups.members,
  }
}
