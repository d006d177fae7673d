import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder } from './distribution.ts'

export const SERVER_HELP = `Starts a real Keycloak with the demo realm. The first start fetches and builds it, later ones take seconds.

  npm run keycloak -- [options]

  --port <number>              its port                        (KEYCLOAK_PORT, 8080)
  --management-port <number>   health and metrics              (KEYCLOAK_MANAGEMENT_PORT, 9000)
  --url <address>              what it is known by, and so the (KEYCLOAK_SERVER_URL, http://localhost:<port>)
                               beginning of every issuer
  --realm-file <path>          the realm to import             (keycloak/realms/demo-realm.json)
  --data-dir <folder>          where its data are kept         (KEYCLOAK_DATA_DIR, data-<port> in the cache folder)
  --log-file <path>            what it writes                  (KEYCLOAK_LOG_FILE, keycloak.log in the data folder)
  --fresh                      forget the data first
  --help                       this text

  CLOAKROOM_CACHE_DIR is the cache folder (~/.cache/cloakroom). KC_BOOTSTRAP_ADMIN_USERNAME and
  KC_BOOTSTRAP_ADMIN_PASSWORD name the administrator (admin, admin) that the first start creates.`

type Environment = Readonly<Record<string, string | undefined>>

/** What `npm run keycloak` is told by its arguments and the environment. */
export type ServerOptions = {
  port: number
  managementPort: number
  url: string
  realmFile: string
  dataDir: string
  logFile: string
  cacheDir: string
  adminUser: string
  adminPassword: string
  fresh: boolean
  help: boolean
}

/** @throws Error for an unknown argument, a port or an address that is none. */
export function readServerOptions(args: string[], env: Environment): ServerOptions {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args,
    options: {
      port: text,
      'management-port': text,
      url: text,
      'realm-file': text,
      'data-dir': text,
      'log-file': text,
      fresh: flag,
      help: flag,
    },
  })
  const cacheDir = cacheFolder(env)
  const port = readPort(values.port || env.KEYCLOAK_PORT || '8080', '--port')
  const dataDir = values['data-dir'] || env.KEYCLOAK_DATA_DIR || join(cacheDir, `data-${port}`)
  return {
    port,
    managementPort: readPort(values['management-port'] || env.KEYCLOAK_MANAGEMENT_PORT || '9000', '--management-port'),
    url: readUrl(values.url || env.KEYCLOAK_SERVER_URL || `http://localhost:${port}`),
    realmFile: values['realm-file'] || new URL('../realms/demo-realm.json', import.meta.url).pathname,
    dataDir,
    logFile: values['log-file'] || env.KEYCLOAK_LOG_FILE || join(dataDir, 'keycloak.log'),
    cacheDir,
    adminUser: env.KC_BOOTSTRAP_ADMIN_USERNAME || 'admin',
    adminPassword: env.KC_BOOTSTRAP_ADMIN_PASSWORD || 'admin',
    fresh: values.fresh,
    help: values.help,
  }
}

function readPort(text: string, option: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new Error(`${option} is "${text}"; it must be a whole number from 1 to 65535`)
  }
  return port
}

function readUrl(text: string): string {
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '')
  throw new Error(`--url is "${text}"; write the address of the server like http://localhost:8080`)
}
