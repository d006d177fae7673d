import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { RoleDetail } from '../../platform/keycloak/roles/keycloak-role-catalogue.ts'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Administrator } from '../administrator.ts'
import { keysOf } from '../roles-of-keys.ts'
import { findChain } from './find-chain.ts'
import type { RoleDesk } from './role-desk.ts'
import { refuseStaleRole } from './versioned-role.ts'

/** What is in a role: everybody who holds it holds that as well. */
export interface ComposeRoles {
  /**
   * @param keys `realm:<role>` or `client:<client>:<role>`
   * @param version as the administrator has read it; undefined for whatever is there
   * @throws GatewayError INVALID_REQUEST for a role that is not there, ROLE_LOOP
   */
  add(by: Administrator, id: string, keys: readonly string[], version: string | undefined): Promise<RoleDetail>
  take(by: Administrator, id: string, keys: readonly string[], version: string | undefined): Promise<RoleDetail>
}

export function createComposeRoles(desk: RoleDesk): ComposeRoles {
  const { catalogue } = desk

  /** Keycloak takes loops without a word. */
  async function refuseLoop(role: RoleView, parts: readonly RoleView[]): Promise<void> {
    const chain = await findChain(role, parts, catalogue.composites)
    if (chain !== undefined) throw new GatewayError('ROLE_LOOP', { details: { chain } })
  }

  const inside = ({ composites }: RoleDetail, part: RoleView) => composites.some(({ id }) => id === part.id)

  return {
    add: (by, id, keys, version) =>
      desk.withRole(id, async (role) => {
        refuseStaleRole(role, version)
        const wanted = await desk.find(keys, 'roles')
        catalogue.makeSureItWrites(role.clientUuid, wanted)
        await refuseLoop(role, wanted)
        const fresh = wanted.filter((part) => !inside(role, part))
        const after = [...role.composites, ...fresh]
        await desk.write(by, {
          ...{ action: 'role.update', id, ...told(role, after) },
          act: { permission: 'roles.write', grants: wanted, role: desk.concerned(role) },
          async change() {
            if (fresh.length === 0) return
            await catalogue.add(role, fresh)
            await desk.renew()
          },
        })
        return catalogue.read(id).catch(() => composed(role, after))
      }),
    take: (by, id, keys, version) =>
      desk.withRole(id, async (role) => {
        refuseStaleRole(role, version)
        const wanted = await desk.find(keys, 'roles')
        catalogue.makeSureItWrites(role.clientUuid, wanted)
        const takes = wanted.filter((part) => inside(role, part))
        const ids = takes.map((part) => part.id)
        const after = role.composites.filter((part) => !ids.includes(part.id))
        const containsNoMore = (outer: string, part: string) => outer === id && ids.includes(part)
        await desk.write(by, {
          ...{ action: 'role.update', id, ...told(role, after) },
          act: { permission: 'roles.write', takes, role: desk.concerned(role, { containsNoMore }) },
          async change() {
            if (takes.length === 0) return
            await catalogue.take(role, takes)
            await desk.renew()
          },
        })
        return catalogue.read(id).catch(() => composed(role, after))
      }),
  }
}

function told(role: RoleDetail, after: readonly RoleView[]) {
  const { name, client } = role
  return { before: { name, client, composites: keysOf(role.composites) }, after: { composites: keysOf(after) } }
}

function composed(role: RoleDetail, composites: RoleView[]): RoleDetail {
  return { ...role, composites, composite: composites.length > 0 }
}
