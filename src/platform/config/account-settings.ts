import { z } from 'zod'
import { setting } from './setting.ts'

const group = 'Accounts'

/** What people may do for themselves. */
export interface AccountsConfig {
  /** The client that checks passwords and does nothing else; without it nobody can prove themselves by a password here. */
  passwordClient: { clientId: string; clientSecret: string } | undefined
  registration: boolean
}

export const accountSettings = {
  KEYCLOAK_PASSWORD_CLIENT_ID: setting(z.string().min(1, 'must not be empty').optional(), {
    group,
    example: 'cloakroom-passwords',
    doc: 'A confidential client of its own with direct access grants and nothing else: no scopes, no roles, no redirect addresses. With it the gateway checks the current password before `PATCH /users/me/password` and `DELETE /users/me`; without it these answer 501 to a password.',
  }),
  KEYCLOAK_PASSWORD_CLIENT_SECRET: setting(z.string().min(1, 'must not be empty').optional(), {
    group,
    secret: true,
    example: 'demo-passwords-secret-change-me',
    doc: 'Its secret.',
  }),
  REGISTRATION: setting(z.enum(['on', 'off'], 'must be on or off').default('off'), {
    group,
    doc: '`on` lets anybody make an account with `POST /api/v1/users`; it can be used once the mail that Keycloak sends was answered. `off` answers 404.',
  }),
}

interface AccountSettings {
  KEYCLOAK_PASSWORD_CLIENT_ID: string | undefined
  KEYCLOAK_PASSWORD_CLIENT_SECRET: string | undefined
  REGISTRATION: 'on' | 'off'
}

export function toAccountsConfig(s: AccountSettings): AccountsConfig {
  const { KEYCLOAK_PASSWORD_CLIENT_ID: clientId, KEYCLOAK_PASSWORD_CLIENT_SECRET: clientSecret } = s
  const passwordClient = clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret }
  return { passwordClient, registration: s.REGISTRATION === 'on' }
}
