import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { GroupDetail, KeycloakGroups } from '../../platform/keycloak/groups/keycloak-groups.ts'

/** The group that another one is to be below. @throws GatewayError GROUP_NOT_FOUND naming the field */
export async function readParent(groups: Pick<KeycloakGroups, 'read'>, id: string): Promise<GroupDetail> {
  try {
    return await groups.read(id)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'GROUP_NOT_FOUND')
      throw new GatewayError('GROUP_NOT_FOUND', { details: { field: 'parentId' } })
    throw error
  }
}
