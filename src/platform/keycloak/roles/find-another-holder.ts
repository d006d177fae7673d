import type RoleRepresentation from '@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js'
import { z } from 'zod'
import type { AdminCall } from '../admin-api/admin-call.ts'
import { reads } from '../admin-api/reads.ts'
import type { GroupsToCome, RoleView } from './keycloak-roles.ts'

const PAGE = 100
const SERVICE_ACCOUNT = 'service-account-'

const people = z.array(z.object({ id: z.string(), username: z.string(), enabled: z.boolean().default(false) }))
const groups = z.array(z.object({ id: z.string() }))
const roles = z.array(z.object({ id: z.string(), name: z.string(), composite: z.boolean().default(false) }))

/**
 * Whether an enabled person besides this one holds a realm role: directly, through a group or a sub-group of it, or
 * through a composite role of the realm. Ends with the first that is found.
 * @param except somebody who does not count; undefined for nobody
 * @param toCome groups as they would be after a change
 */
export async function findAnotherHolder(
  call: AdminCall,
  role: RoleView,
  except: string | undefined,
  toCome: GroupsToCome = {},
): Promise<boolean> {
  const isAnother = ({ id, username, enabled }: z.output<typeof people.element>) =>
    enabled && id !== except && !username.startsWith(SERVICE_ACCOUNT)

  async function anyIn(page: (first: number) => Promise<unknown>): Promise<boolean> {
    for (let first = 0; ; first += PAGE) {
      const found = people.parse(await page(first))
      if (found.some(isAnother)) return true
      if (found.length < PAGE) return false
    }
  }

  async function anyInGroup(id: string): Promise<boolean> {
    const members = (first: number) => call((kc) => kc.groups.listMembers({ id, first, max: PAGE }), reads(people))
    if (await anyIn(members)) return true
    for (let first = 0; ; first += PAGE) {
      const below = groups.parse(
        await call((kc) => kc.groups.listSubGroups({ parentId: id, first, max: PAGE }), reads(groups)),
      )
      for (const { id: group } of below) if (toCome.isCutOff?.(group) !== true && (await anyInGroup(group))) return true
      if (below.length < PAGE) return false
    }
  }

  async function anyWith(name: string): Promise<boolean> {
    const holders = (first: number) =>
      call((kc) => kc.roles.findUsersWithRole({ name, first, max: PAGE }), reads(people))
    if (await anyIn(holders)) return true
    for (let first = 0; ; first += PAGE) {
      const found = groups.parse(
        await call(
          (kc) =>
            // The library knows no such call.
            kc.roles.makeRequest({ method: 'GET', path: '/roles/{name}/groups', urlParamKeys: ['name'] })({
              name,
              ...{ first, max: PAGE },
            }),
          reads(groups),
        ),
      )
      for (const { id: group } of found)
        if (toCome.givesNoMore?.(group, name) !== true && (await anyInGroup(group))) return true
      if (found.length < PAGE) return false
    }
  }

  if (await anyWith(role.name)) return true
  for (const name of await rolesAround(call, role.id, toCome)) if (await anyWith(name)) return true
  return false
}

/** Names of the realm's roles that contain this one, at any depth. */
async function rolesAround(call: AdminCall, id: string, { containsNoMore }: GroupsToCome): Promise<string[]> {
  const all = roles.parse(await call((kc) => kc.roles.find(), reads(roles))).filter(({ composite }) => composite)
  const inside = await Promise.all(
    all.map(async (one) => {
      const parts: RoleRepresentation[] = await call((kc) => kc.roles.getCompositeRoles({ id: one.id }), reads(roles))
      return { ...one, parts: parts.map((part) => part.id) }
    }),
  )
  const around = new Set<string>([id])
  for (let before = 0; before !== around.size; ) {
    before = around.size
    for (const { id: outer, parts } of inside)
      if (parts.some((part = '') => around.has(part) && containsNoMore?.(outer, part) !== true)) around.add(outer)
  }
  return inside.filter((one) => one.id !== id && around.has(one.id)).map(({ name }) => name)
}
