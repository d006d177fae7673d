import { parseArgs } from 'node:util'
import type { AdminCredentials } from './admin-connection.ts'

export const DEMO_REALM_FILE = new URL('../realms/demo-realm.json', import.meta.url).pathname

export const APPLY_HELP = `Brings a running Keycloak to a realm file. What is right already is left alone, so it can be run again and again.

  npm run keycloak:apply -- [options]

  --url <address>          the server               (KEYCLOAK_INTERNAL_URL, KEYCLOAK_SERVER_URL, http://localhost:8080)
  --realm-file <path>      the file to apply        (keycloak/realms/demo-realm.json)
  --admin-user <name>      the administrator        (KC_BOOTSTRAP_ADMIN_USERNAME, admin)
  --allow-demo-secrets     apply published secrets and passwords to a server that others can reach
  --help                   this text

  KC_BOOTSTRAP_ADMIN_PASSWORD is the administrator's password (admin). To sign in as a client instead, set
  KC_BOOTSTRAP_ADMIN_CLIENT_ID and KC_BOOTSTRAP_ADMIN_CLIENT_SECRET.`

/** What `npm run keycloak:apply` is told by its arguments and the environment. */
export type ApplyOptions = {
  url: string
  realmFile: string
  admin: AdminCredentials
  allowDemoSecrets: boolean
  help: boolean
}

/** @throws Error for an unknown argument or an address that is none. */
export function readApplyOptions(args: string[], env: Readonly<Record<string, string | undefined>>): ApplyOptions {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      'realm-file': { type: 'string' },
      'admin-user': { type: 'string' },
      'allow-demo-secrets': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const url = values.url || env.KEYCLOAK_INTERNAL_URL || env.KEYCLOAK_SERVER_URL || 'http://localhost:8080'
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new Error(`"${url}" is not the address of a server; write it like http://localhost:8080`)
  }
  return {
    url,
    realmFile: values['realm-file'] ?? DEMO_REALM_FILE,
    admin: readAdmin(values['admin-user'], env),
    allowDemoSecrets: values['allow-demo-secrets'],
    help: values.help,
  }
}

function readAdmin(user: string | undefined, env: Readonly<Record<string, string | undefined>>): AdminCredentials {
  const { KC_BOOTSTRAP_ADMIN_CLIENT_ID: clientId, KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: clientSecret } = env
  if (clientId && clientSecret) return { clientId, clientSecret }
  const username = user || env.KC_BOOTSTRAP_ADMIN_USERNAME || 'admin'
  return { username, password: env.KC_BOOTSTRAP_ADMIN_PASSWORD || 'admin' }
}
