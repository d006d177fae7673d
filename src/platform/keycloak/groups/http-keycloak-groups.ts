import { z } from 'zod'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AdminAnswer, AdminHttp, AdminRequest } from '../admin-api/admin-http.ts'
import { personRow } from '../people/person-row.ts'
import { toUserView } from '../people/views.ts'
import type { RoleView } from '../roles/keycloak-roles.ts'
import { type GroupRow, givesRoles, groupRow, roleMappings, toGroupDetail, toMappedRoles } from './group-rows.ts'
import type { GroupFields, GroupTree, KeycloakGroups, Part } from './keycloak-groups.ts'

const groupRows = z.array(groupRow)
const people = z.array(personRow)
const PAGE = 100
/** So many groups are looked through for one decision, each with a call of its own when others are below it. */
const TREE_LIMIT = 200

/** Groups by the admin API: reading takes the role `view-users`, writing `manage-users`. Nothing here is cached. */
export function createHttpKeycloakGroups(call: AdminHttp): KeycloakGroups {
  /** @param path below `/groups` */
  async function ask(path: string, request: AdminRequest = {}): Promise<AdminAnswer> {
    const answer = await call(`/groups${path}`, { ...request, accept: [404, 409] })
    if (answer.status === 404) throw new GatewayError('GROUP_NOT_FOUND')
    if (answer.status === 409) throw new GatewayError('GROUP_EXISTS')
    return answer
  }

  async function part<T extends z.ZodType<unknown[]>>(path: string, schema: T, query: Record<string, string | number>) {
    const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
    return (await ask(`${path}?${asked}`)).read(schema)
  }

  /** One row more than was asked for tells whether there is more. */
  function upTo<T>(rows: T[], max: number): Part<T> {
    return { rows: rows.slice(0, max), more: rows.length > max }
  }

  async function rowsBelow(id: string): Promise<GroupRow[]> {
    const all: GroupRow[] = []
    for (let first = 0; ; first += PAGE) {
      const query = { first, max: PAGE, briefRepresentation: 'false' }
      const rows = await part(`/${id}/children`, groupRows, query)
      all.push(...rows)
      if (rows.length < PAGE || all.length > TREE_LIMIT) return all
    }
  }

  async function tree(id: string): Promise<GroupTree> {
    const found = new Map<string, GroupRow>()
    const open: GroupRow[] = [await (await ask(`/${id}`)).read(groupRow)]
    for (let row = open.shift(); row !== undefined; row = open.shift()) {
      if (found.has(row.id)) continue
      found.set(row.id, row)
      if (row.subGroupCount > 0) open.push(...(await rowsBelow(row.id)))
      if (found.size + open.length > TREE_LIMIT)
        throw new GatewayError('GROUP_TOO_LARGE', { details: { limit: TREE_LIMIT } })
    }
    const rows = [...found.values()]
    return { ids: rows.map((row) => row.id), withRoles: rows.filter(givesRoles).map((row) => row.id) }
  }

  async function map(id: string, roles: readonly RoleView[], method: 'POST' | 'DELETE'): Promise<void> {
    for (const owner of new Set(roles.map(({ clientUuid }) => clientUuid))) {
      const where = owner === null ? 'realm' : `clients/${encodeURIComponent(owner)}`
      const body = roles.filter(({ clientUuid }) => clientUuid === owner).map(({ id, name }) => ({ id, name }))
      await ask(`/${id}/role-mappings/${where}`, { method, body })
    }
  }

  return {
    read: async (id) => toGroupDetail(await (await ask(`/${id}`)).read(groupRow)),
    async children(id, { first, max, search }) {
      const query = { first, max: max + 1, briefRepresentation: 'false', ...(search === undefined ? {} : { search }) }
      return upTo((await part(`/${id}/children`, groupRows, query)).map(toGroupDetail), max)
    },
    async members(id, { first, max }) {
      const query = { first, max: max + 1, briefRepresentation: 'true' }
      return upTo((await part(`/${id}/members`, people, query)).map(toUserView), max)
    },
    roles: async (id) => toMappedRoles(await (await ask(`/${id}/role-mappings`)).read(roleMappings)),
    tree,
    async create(fields, parentId) {
      const path = parentId === null ? '' : `/${parentId}/children`
      const { madeId } = await ask(path, { method: 'POST', body: toBody(fields) })
      if (madeId === undefined) throw new GatewayError('INTERNAL_ERROR', { reason: 'the new group has no id' })
      return madeId
    },
    async change(id, fields) {
      await ask(`/${id}`, { method: 'PUT', body: toBody(fields) })
    },
    async move({ id, name }, parentId) {
      // Keycloak looks whether this name is free, and leaves the group's own name alone.
      await ask(parentId === null ? '' : `/${parentId}/children`, { method: 'POST', body: { id, name } })
    },
    async remove(id) {
      await ask(`/${id}`, { method: 'DELETE' })
    },
    assign: (id, roles) => map(id, roles, 'POST'),
    withdraw: (id, roles) => map(id, roles, 'DELETE'),
  }
}

/** All of it each time: a description that is left out is taken away, attributes that are left out stay. */
function toBody({ name, description, attributes }: GroupFields): object {
  return { name, attributes, ...(description === null ? {} : { description }) }
}
