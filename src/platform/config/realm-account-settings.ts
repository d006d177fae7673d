import { z } from 'zod'
import { setting } from './setting.ts'

const group = 'Administration of the realm'

export const realmAccountSettings = {
  KEYCLOAK_REALM_CLIENT_ID: setting(z.string().min(1).optional(), {
    group,
    example: 'cloakroom-realm',
    doc: 'The service account that writes roles of the realm for `/api/v1/admin/roles`; without it such writes answer 501. Another one than `KEYCLOAK_ADMIN_CLIENT_ID`, which has to be set too: nothing else of the gateway can write the realm. Its rights: see docs/roles.md.',
  }),
  KEYCLOAK_REALM_CLIENT_SECRET: setting(z.string().min(1).optional(), {
    group,
    secret: true,
    example: 'demo-realm-secret-change-me',
    doc: 'Its secret.',
  }),
}

type Values = { [Name in keyof typeof realmAccountSettings]: z.output<(typeof realmAccountSettings)[Name]> }

const OTHERS = [
  'KEYCLOAK_CLIENT_ID',
  'KEYCLOAK_ADMIN_CLIENT_ID',
  'KEYCLOAK_CLIENTS_CLIENT_ID',
  'KEYCLOAK_PASSWORD_CLIENT_ID',
] as const

type Others = { [Name in (typeof OTHERS)[number]]?: string | undefined }

interface Problem {
  name: keyof Values | 'SERVICE_CLIENT_PREFIX'
  problem: string
  /** Where it can be mended as well. */
  also?: keyof Values | keyof Others
}

/** @returns what is wrong between these settings and others */
export function realmAccountProblems(s: Values & Others & { SERVICE_CLIENT_PREFIX: string }): Problem[] {
  const name = 'KEYCLOAK_REALM_CLIENT_ID'
  const id = s[name]
  if ((id === undefined) !== (s.KEYCLOAK_REALM_CLIENT_SECRET === undefined))
    return [{ name, problem: 'and KEYCLOAK_REALM_CLIENT_SECRET go together; set both or neither.' }]
  if (id === undefined) return []
  const problems: Problem[] = []
  if (s.KEYCLOAK_ADMIN_CLIENT_ID === undefined)
    problems.push({
      name,
      problem: 'needs KEYCLOAK_ADMIN_CLIENT_ID beside it, which reads what is decided on. Set both.',
      also: 'KEYCLOAK_ADMIN_CLIENT_ID',
    })
  if (OTHERS.some((other) => s[other] === id))
    problems.push({ name, problem: 'is a client that has another task already. Make one for this alone.' })
  if (id.startsWith(s.SERVICE_CLIENT_PREFIX))
    problems.push({
      name: 'SERVICE_CLIENT_PREFIX',
      problem: `is how ${name} begins, so the gateway would take its own client for a service client. Choose another prefix.`,
      also: name,
    })
  return problems
}
