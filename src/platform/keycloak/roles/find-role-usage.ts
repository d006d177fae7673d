import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AdminHttp } from '../admin-api/admin-http.ts'
import type { RoleUsage } from './keycloak-role-catalogue.ts'
import type { RoleView } from './keycloak-roles.ts'
import { byId, clientRow, createToView, pathOf, roleRow, rolesOf } from './role-rows.ts'

const PAGE = 100
/** Calls at once: Keycloak knows no other way than to look into each role, scope and client. */
const AT_ONCE = 8

const ids = z.array(z.object({ id: z.string() }))
const groups = z.array(z.object({ path: z.string() }))
const scopes = z.array(z.object({ id: z.string(), name: z.string() }))
const clients = z.array(clientRow.extend({ fullScopeAllowed: z.boolean().default(false) }))
const roles = z.array(roleRow)
const mappings = z.object({
  realmMappings: ids.default([]),
  clientMappings: z.record(z.string(), z.object({ mappings: ids.default([]) })).default({}),
})

/** Everywhere a role is used. Costs two calls for each client of the realm, so it is asked where somebody wants to know. */
export async function findRoleUsage(http: AdminHttp, role: RoleView): Promise<RoleUsage> {
  const rowsOf = async <T extends z.ZodType>(path: string, schema: T) => (await http(path)).read(schema)

  async function all<T>(path: string, schema: z.ZodType<T[]>): Promise<T[]> {
    const found: T[] = []
    for (let first = 0; ; first += PAGE) {
      const page = await rowsOf(`${path}?first=${first}&max=${PAGE}`, schema)
      found.push(...page)
      if (page.length < PAGE) return found
    }
  }

  async function containing(inClients: z.output<typeof clients>): Promise<string[]> {
    const owners = [null, ...inClients.map(({ id }) => id)]
    const there = (await each(owners, (owner) => rowsOf(rolesOf(owner), roles))).flat()
    const composites = there.filter(({ composite }) => composite)
    const inside = await each(composites, ({ id }) => rowsOf(`${byId(id)}/composites`, ids))
    const found = composites.filter((_, at) => inside[at]?.some(({ id }) => id === role.id))
    return (await Promise.all(found.map(createToView(http)))).map(({ key }) => key).sort()
  }

  async function mappedIn<T extends { id: string }>(place: string, things: readonly T[]): Promise<T[]> {
    const found = await each(things, ({ id }) => rowsOf(`/${place}/${encodeURIComponent(id)}/scope-mappings`, mappings))
    return things.filter((_, at) => holds(found[at], role.id))
  }

  const path = pathOf(role)
  const [holders, inClients, inScopes, inGroups] = await Promise.all([
    http(`${path}/users?first=0&max=${PAGE + 1}&briefRepresentation=true`, { accept: [404] }),
    all('/clients', clients),
    rowsOf('/client-scopes', scopes),
    all(`${path}/groups`, groups),
  ])
  if (holders.status === 404) throw new GatewayError('ROLE_NOT_FOUND')
  const users = (await holders.read(ids)).length
  const narrow = inClients.filter(({ fullScopeAllowed }) => !fullScopeAllowed)
  return {
    users: Math.min(users, PAGE),
    moreUsers: users > PAGE,
    groups: inGroups.map((group) => group.path).sort(),
    roles: await containing(inClients),
    clientScopes: (await mappedIn('client-scopes', inScopes)).map(({ name }) => name).sort(),
    clients: (await mappedIn('clients', narrow)).map(({ clientId }) => clientId).sort(),
  }
}

function holds(found: z.output<typeof mappings> | undefined, id: string): boolean {
  const ofClients = Object.values(found?.clientMappings ?? {}).flatMap((entry) => entry.mappings)
  return [...(found?.realmMappings ?? []), ...ofClients].some((role) => role.id === id)
}

/** Answers in the order of the things, a few calls at a time. */
async function each<T, R>(things: readonly T[], ask: (thing: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const open = things.entries()
  const work = async () => {
    for (const [at, thing] of open) answers[at] = await ask(thing)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return answers
}
