import { z } from 'zod'
import type { ErrorCode } from '../../platform/errors/error-codes.ts'
import { expectedErrors } from '../expected-errors.ts'

const how = z
  .enum(['always', 'on request'])
  .meta({ description: '`always`: in each token; `on request`: when the client asks for it.' })

/** A scope as the list has it. */
export const listedScope = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    resource: z.string().nullable().meta({ description: 'What it opens, for people to read.' }),
    includeInTokenScope: z.boolean().meta({ description: 'Whether its name stands in the `scope` of tokens.' }),
    showOnConsentScreen: z.boolean(),
    consentText: z.string().nullable().meta({ description: 'What people read there; null means the name.' }),
    builtIn: z.boolean().meta({ description: "The identity provider's own; it is not changed here." }),
  })
  .meta({ id: 'Scope' })

/** A scope with its version. */
export const shownScope = listedScope
  .extend({ version: z.string().meta({ description: 'A change that is based on it says so.' }) })
  .meta({ id: 'ScopeDetail' })

export const rolesOfScope = z.object({
  roles: z.array(
    z
      .object({
        role: z.string().meta({ description: '`realm:<role>` or `client:<client>:<role>`' }),
        description: z.string().nullable(),
      })
      .meta({ id: 'RoleOfScope' }),
  ),
  version: z.string().meta({ description: 'Of the roles alone.' }),
})

export const clientsWithScope = z.object({
  clients: z.array(z.object({ id: z.string(), clientId: z.string(), as: how }).meta({ id: 'ClientWithScope' })),
  ofNewClients: how.nullable().meta({
    description: 'How clients get it that are made in Keycloak without naming scopes; null when they do not.',
  }),
  total: z.int(),
  first: z.int(),
  max: z.int(),
})

export const listedExample = {
  id: '64d3ee67-008c-4b4c-9cfc-176728abdb4f',
  ...{ name: 'reports.read', description: 'Read the monthly reports', resource: 'orders-api' },
  ...{ includeInTokenScope: true, showOnConsentScreen: true, consentText: 'See your reports', builtIn: false },
}
export const scopeExample = { ...listedExample, version: 'b1946a.c9249e.0cbc66.4fc82b.e0aa02.5d41e6' }
export const rolesExample = {
  roles: [{ role: 'client:orders-api:orders.read', description: 'Read orders.' }],
  version: '8b1a99',
}
export const clientsExample = {
  clients: [{ id: '354c596c-42b1-4be7-9167-94c9f521f588', clientId: 'svc-till', as: 'always' }],
  ...{ ofNewClients: null, total: 1, first: 0, max: 20 },
}

/** Of every read and every write of one scope. */
export const READING_ONE: readonly ErrorCode[] = [...expectedErrors.reading, 'SCOPE_NOT_FOUND']
export const WRITING_ONE: readonly ErrorCode[] = [...expectedErrors.writing, 'SCOPE_NOT_FOUND']
export const CHANGING: readonly ErrorCode[] = [...WRITING_ONE, 'SCOPE_PROTECTED', 'VERSION_CONFLICT']
