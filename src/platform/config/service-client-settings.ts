import { z } from 'zod'
import type { ServiceClientsConfig } from './config.ts'
import { commaList, setting } from './setting.ts'

const group = 'Service clients'
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/

export const serviceClientSettings = {
  KEYCLOAK_CLIENTS_CLIENT_ID: setting(z.string().min(1).optional(), {
    group,
    example: 'cloakroom-clients',
    doc: 'The service account that registers service clients for `/api/v1/clients`; without it these answer 501. Another one than `KEYCLOAK_ADMIN_CLIENT_ID`, which has to be set too, because it gives roles: so no token of the gateway may do both. Its rights: see docs/service-clients.md.',
  }),
  KEYCLOAK_CLIENTS_CLIENT_SECRET: setting(z.string().min(1).optional(), {
    group,
    secret: true,
    example: 'demo-clients-secret-change-me',
    doc: 'Its secret.',
  }),
  SERVICE_CLIENT_PREFIX: setting(
    z
      .string()
      .regex(
        /^[a-z][a-z0-9]{0,18}-$/,
        'must be a small letter, then small letters and digits, then a hyphen, such as svc-',
      )
      .default('svc-'),
    { group, doc: 'How the id of each service client begins. Clients of other names are never shown or touched.' },
  ),
  SERVICE_CLIENT_SCOPES: setting(
    commaList().refine(
      (items) => items.every((item) => item === '' || SCOPE.test(item)),
      'must be a comma list of client scopes of the realm, such as orders.read,orders.write',
    ),
    {
      group,
      example: 'orders.read,orders.write',
      doc: 'Client scopes (comma list) that may be given to service clients, by administrators who hold the roles behind them.',
    },
  ),
  SERVICE_CLIENT_KEY_HOSTS: setting(
    commaList().refine(
      (items) => items.every((item) => item === '' || HOST.test(item)),
      'must be a comma list of host names in small letters, with a port where it is not 443, such as keys.example.com',
    ),
    {
      group,
      example: 'keys.example.com',
      doc: 'Hosts (comma list) from which Keycloak may fetch the public keys of service clients by https. Without it keys are given in the request only.',
    },
  ),
}

type Values = { [Name in keyof typeof serviceClientSettings]: z.output<(typeof serviceClientSettings)[Name]> }

interface Problem {
  name: keyof Values
  problem: string
  /** Where it can be mended as well. */
  also?: keyof Values | 'KEYCLOAK_CLIENT_ID' | 'KEYCLOAK_ADMIN_CLIENT_ID'
}

/** @returns what is wrong between these settings and others */
export function serviceClientProblems(
  s: Values & { KEYCLOAK_CLIENT_ID: string; KEYCLOAK_ADMIN_CLIENT_ID?: string | undefined },
): Problem[] {
  const id = s.KEYCLOAK_CLIENTS_CLIENT_ID
  if ((id === undefined) !== (s.KEYCLOAK_CLIENTS_CLIENT_SECRET === undefined))
    return [
      {
        name: 'KEYCLOAK_CLIENTS_CLIENT_ID',
        problem: 'and KEYCLOAK_CLIENTS_CLIENT_SECRET go together; set both or neither.',
      },
    ]
  if (id === undefined) return []
  const own = [
    ['KEYCLOAK_CLIENT_ID', s.KEYCLOAK_CLIENT_ID],
    ['KEYCLOAK_ADMIN_CLIENT_ID', s.KEYCLOAK_ADMIN_CLIENT_ID],
  ] as const
  const problems: Problem[] = []
  if (s.KEYCLOAK_ADMIN_CLIENT_ID === undefined)
    problems.push({
      name: 'KEYCLOAK_CLIENTS_CLIENT_ID',
      problem: 'needs KEYCLOAK_ADMIN_CLIENT_ID beside it, which gives service clients their roles. Set both.',
      also: 'KEYCLOAK_ADMIN_CLIENT_ID',
    })
  if (own.some(([, value]) => value === id))
    problems.push({
      name: 'KEYCLOAK_CLIENTS_CLIENT_ID',
      problem: 'is a client that has another task already. Make one for this alone.',
    })
  for (const [name, value] of [...own, ['KEYCLOAK_CLIENTS_CLIENT_ID', id] as const])
    if (value?.startsWith(s.SERVICE_CLIENT_PREFIX))
      problems.push({
        name: 'SERVICE_CLIENT_PREFIX',
        problem: `is how ${name} begins, so the gateway would take its own client for a service client. Choose another prefix.`,
        also: name,
      })
  return problems
}

/** @param keycloak where its administration is; undefined for another provider */
export function toServiceClientsConfig(
  s: Values,
  keycloak: { baseUrl: string; realm: string } | undefined,
): ServiceClientsConfig {
  const [clientId, clientSecret] = [s.KEYCLOAK_CLIENTS_CLIENT_ID, s.KEYCLOAK_CLIENTS_CLIENT_SECRET]
  const known = keycloak !== undefined && clientId !== undefined && clientSecret !== undefined
  return {
    account: known ? { baseUrl: keycloak.baseUrl, realm: keycloak.realm, clientId, clientSecret } : undefined,
    prefix: s.SERVICE_CLIENT_PREFIX,
    scopes: s.SERVICE_CLIENT_SCOPES,
    keyHosts: s.SERVICE_CLIENT_KEY_HOSTS,
  }
}
