import type { GroupDetail } from '../../platform/keycloak/groups/keycloak-groups.ts'
import { versionOf } from '../../platform/keycloak/people/resource-version.ts'
import { refuseStale } from '../refuse-stale.ts'

/** A group with the version of everything that administrators change. */
export type VersionedGroup = GroupDetail & { version: string }

/** What a version covers; always in this order. The path is not of it: it changes with the groups above. */
function covered({ name, description, parentId, attributes }: GroupDetail) {
  return { name, description, parentId, attributes }
}

export function withVersion(group: GroupDetail): VersionedGroup {
  return { ...group, version: versionOf(covered(group)) }
}

/** @throws GatewayError VERSION_CONFLICT telling what has changed since, and to what */
export function refuseStaleGroup(group: GroupDetail, version: string | undefined): void {
  refuseStale(covered(group), version)
}
