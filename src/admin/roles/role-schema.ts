import { z } from 'zod'
import { userSummary } from '../user-summary.ts'

const row = z
  .object({
    id: z.string(),
    role: z.string().meta({ description: '`realm:<role>` or `client:<client>:<role>`' }),
    name: z.string(),
    description: z.string().nullable(),
    composite: z.boolean().meta({ description: 'Whether other roles are in it.' }),
  })
  .meta({ id: 'RoleSummary' })
const role = z
  .object({
    id: z.string(),
    role: z.string().meta({ description: '`realm:<role>` or `client:<client>:<role>`' }),
    name: z.string(),
    client: z.string().nullable().meta({ description: 'Whose role it is; null for the realm.' }),
    description: z.string().nullable(),
    attributes: z.record(z.string(), z.array(z.string())),
    composites: z.array(row).meta({ description: 'The roles directly in it: whoever holds it holds these.' }),
    version: z.string().meta({ description: 'Of what is shown; the same as the ETag.' }),
  })
  .meta({ id: 'Role' })
const usage = z
  .object({
    users: z.int().meta({ description: 'Given directly, service accounts included; counted up to 100.' }),
    moreUsers: z.boolean(),
    groups: z.array(z.string()).meta({ description: 'Paths.' }),
    roles: z.array(z.string()).meta({ description: 'Roles that contain it directly.' }),
    clientScopes: z.array(z.string()),
    clients: z.array(z.string()).meta({ description: 'Clients without full scope that may have it in their tokens.' }),
    routes: z.array(z.string()).meta({ description: 'Routes of the gateway that ask for it.' }),
  })
  .meta({ id: 'UsageOfRole' })
const paged = { first: z.int(), max: z.int(), hasMore: z.boolean() }
const example = {
  id: '5ff995a0-ff36-4b15-b133-f2bacb8aaae0',
  ...{ role: 'realm:till', name: 'till', client: null, description: 'Works at a till.', attributes: {} },
  composites: [
    {
      id: '21fe6ff4-81ed-4254-990f-6100cb7bdfae',
      ...{ role: 'client:orders-api:orders.read', name: 'orders.read', description: 'Read orders.', composite: false },
    },
  ],
  version: 'b1946a.c9249e.0cbc66.4fc82b',
}
const { composites: _, version: __, client: ___, attributes: ____, ...summary } = example
const usedBy = {
  ...{ users: 2, moreUsers: false, groups: ['/staff'], roles: [], clientScopes: [], clients: [] },
  routes: ['orders'],
}

/** What the endpoints for roles answer, with examples. */
export const roleSchema = { row, role, usage, holder: userSummary, paged, example, summary, usedBy }
