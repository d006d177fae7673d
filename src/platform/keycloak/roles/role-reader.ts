import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AdminCall } from '../admin-api/admin-call.ts'
import { isStatus } from '../admin-api/admin-errors.ts'
import { reads } from '../admin-api/reads.ts'
import type { RoleView } from './keycloak-roles.ts'

const role = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  composite: z.boolean().default(false),
  clientRole: z.boolean().default(false),
  containerId: z.string().optional(),
})
const roles = z.array(role)
type RawRole = z.output<typeof role>
const mappings = z.object({
  realmMappings: roles.default([]),
  clientMappings: z
    .record(z.string(), z.object({ id: z.string(), client: z.string(), mappings: roles.default([]) }))
    .default({}),
})
const groups = z.array(z.object({ id: z.string(), parentId: z.string().optional() }))
const clients = z.array(z.object({ id: z.string(), clientId: z.string() }))

const MANAGEMENT_CLIENT = 'realm-management'
const BLIND = {
  reason:
    'the service account of the administration needs view-realm and view-clients: without them Keycloak leaves roles out of its answers',
}

/** Reads roles for one decision: what was read once is not asked for again, and nothing is kept for the next one. */
export function createRoleReader(call: AdminCall) {
  const clientNames = new Map<string, Promise<string>>()
  const contents = new Map<string, Promise<RoleView[]>>()
  let allIsSeen: Promise<void> | undefined

  async function look(): Promise<void> {
    const [, uuid] = await Promise.all([
      call((kc) => kc.roles.find({ first: 0, max: 1 }), reads(roles)),
      clientUuid(MANAGEMENT_CLIENT),
    ])
    if (uuid === undefined) throw new GatewayError('KEYCLOAK_REFUSED', BLIND)
  }

  async function clientUuid(clientId: string): Promise<string | undefined> {
    const found = clients.parse(await call((kc) => kc.clients.find({ clientId }), reads(clients)))[0]
    if (found !== undefined) clientNames.set(found.id, Promise.resolve(found.clientId))
    return found?.id
  }

  function clientName(uuid: string): Promise<string> {
    const known =
      clientNames.get(uuid) ?? call((kc) => kc.clients.findOne({ id: uuid }), reads(clients.element)).then(nameOf)
    clientNames.set(uuid, known)
    return known
  }

  async function toView({ id, name, description, composite, clientRole, containerId }: RawRole): Promise<RoleView> {
    const clientUuid = clientRole ? (containerId ?? '') : null
    const key = clientUuid === null ? `realm:${name}` : `client:${await clientName(clientUuid)}:${name}`
    return { id, key, name, description: description ?? null, composite, clientUuid }
  }

  const toViews = (answer: unknown) => Promise.all(roles.parse(answer).map(toView))

  async function mapped(answer: unknown): Promise<RoleView[]> {
    const { realmMappings, clientMappings } = mappings.parse(answer)
    for (const { id, client } of Object.values(clientMappings)) clientNames.set(id, Promise.resolve(client))
    const ofClients = Object.values(clientMappings).flatMap((entry) => entry.mappings)
    return Promise.all([...realmMappings, ...ofClients].map(toView))
  }

  function contentsOf(id: string): Promise<RoleView[]> {
    const known = contents.get(id) ?? call((kc) => kc.roles.getCompositeRoles({ id }), reads(roles)).then(toViews)
    contents.set(id, known)
    return known
  }

  async function expanded(start: readonly RoleView[]): Promise<RoleView[]> {
    const all = new Map<string, RoleView>()
    let open = [...start]
    while (open.length > 0) {
      const fresh = [...new Map(open.map((one) => [one.id, one])).values()].filter(({ id }) => !all.has(id))
      for (const one of fresh) all.set(one.id, one)
      const inside = fresh.filter(({ composite }) => composite).map(({ id }) => contentsOf(id))
      open = (await Promise.all(inside)).flat()
    }
    return [...all.values()]
  }

  /** What was given to these groups and to all above them, not expanded. */
  async function givenToGroups(ids: readonly string[]): Promise<RoleView[]> {
    const seen = new Set<string>()
    async function climb(id: string): Promise<RoleView[]> {
      if (seen.has(id)) return []
      seen.add(id)
      const [group, own] = await Promise.all([
        // The library answers null for a group that is not there.
        call((kc) => kc.groups.findOne({ id }), reads(groups.element.nullable())),
        call((kc) => kc.groups.listRoleMappings({ id }), reads(mappings)).then(mapped),
      ]).catch(toGroupNotFound)
      if (group === null) throw new GatewayError('GROUP_NOT_FOUND')
      const { parentId } = groups.element.parse(group)
      return parentId === undefined ? own : [...own, ...(await climb(parentId))]
    }
    return (await Promise.all(ids.map(climb))).flat()
  }

  return {
    /** @throws GatewayError KEYCLOAK_REFUSED when Keycloak would leave something out */
    makeSureAllIsSeen() {
      allIsSeen ??= look()
      return allIsSeen
    },
    toViews,
    expanded,
    givenToGroups,
    async direct(userId: string): Promise<RoleView[]> {
      return mapped(await call((kc) => kc.users.listRoleMappings({ id: userId }), reads(mappings)))
    },
    async groupsOf(userId: string): Promise<string[]> {
      return groups.parse(await call((kc) => kc.users.listGroups({ id: userId }), reads(groups))).map(({ id }) => id)
    },
    clientUuid,
  }
}

export type RoleReader = ReturnType<typeof createRoleReader>

const nameOf = (client: unknown) => clients.element.parse(client).clientId

function toGroupNotFound(error: unknown): never {
  if (isStatus((error as Error).cause, 404)) throw new GatewayError('GROUP_NOT_FOUND', { cause: error })
  throw error
}
