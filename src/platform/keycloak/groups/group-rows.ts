import { z } from 'zod'
import type { RoleView } from '../roles/keycloak-roles.ts'
import type { GroupDetail } from './keycloak-groups.ts'

/** A group as Keycloak shows it in its full representation. */
export const groupRow = z.object({
  id: z.string().min(1),
  name: z.string(),
  description: z.string().optional(),
  path: z.string(),
  parentId: z.string().optional(),
  subGroupCount: z.number().int().default(0),
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  realmRoles: z.array(z.string()).default([]),
  clientRoles: z.record(z.string(), z.array(z.string())).default({}),
})
export type GroupRow = z.output<typeof groupRow>

const role = z.object({
  id: z.string().min(1),
  name: z.string(),
  description: z.string().optional(),
  composite: z.boolean().default(false),
})
/** Roles given to a group, as Keycloak lists them. */
export const roleMappings = z.object({
  realmMappings: z.array(role).default([]),
  clientMappings: z
    .record(z.string(), z.object({ id: z.string().min(1), client: z.string(), mappings: z.array(role).default([]) }))
    .default({}),
})

export function toGroupDetail({ id, name, description, path, parentId, subGroupCount, attributes }: GroupRow) {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...{ id, name, path, subGroupCount, description: description ?? null, parentId: parentId ?? null },
    attributes: Object.fromEntries(sorted),
  } satisfies GroupDetail
}

/** Whether roles were given to it directly. */
export function givesRoles({ realmRoles, clientRoles }: GroupRow): boolean {
  return realmRoles.length > 0 || Object.values(clientRoles).some((roles) => roles.length > 0)
}

export function toMappedRoles({ realmMappings, clientMappings }: z.output<typeof roleMappings>): RoleView[] {
  const view = (prefix: string, clientUuid: string | null) => (row: z.output<typeof role>) => ({
    ...{ id: row.id, key: `${prefix}:${row.name}`, name: row.name, description: row.description ?? null },
    ...{ composite: row.composite, clientUuid },
  })
  const ofClients = Object.values(clientMappings).flatMap(({ id, client, mappings: rows }) =>
    rows.map(view(`client:${client}`, id)),
  )
  return [...realmMappings.map(view('realm', null)), ...ofClients]
}
