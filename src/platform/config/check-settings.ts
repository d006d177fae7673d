import { BlockList } from 'node:net'
import { addIpRange } from '../net/ip-range.ts'
import { checkRedis } from './check-redis.ts'
import type { ConfigProblem } from './config-error.ts'
import { realmAccountProblems } from './realm-account-settings.ts'
import { serviceClientProblems } from './service-client-settings.ts'
import type { Settings } from './settings.ts'

const SAMPLE = /(change-?me|example|sample|default|placeholder|dev-secret|demo-|^secret$|^password$)/i

export function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(address).hostname)
}

type Add = (where: string, what: string, follows?: keyof Settings) => void

/**
 * Rules that tie several settings together.
 * @param refused settings that are wrong by themselves: what only follows from them is not said again
 */
export function checkSettings(s: Settings, refused: ReadonlySet<string> = new Set()): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const add: Add = (where, what, follows = where as keyof Settings) => {
    if (!refused.has(where) && !refused.has(follows)) problems.push({ where, what })
  }
  checkProvider(s, add)
  checkServer(s, add)
  checkRedis(s, add)
  if (s.SESSION_ABSOLUTE_TIMEOUT < s.SESSION_IDLE_TIMEOUT) {
    add(
      'SESSION_IDLE_TIMEOUT',
      `(${s.SESSION_IDLE_TIMEOUT}) is longer than SESSION_ABSOLUTE_TIMEOUT (${s.SESSION_ABSOLUTE_TIMEOUT}). Make it shorter or equal.`,
      'SESSION_ABSOLUTE_TIMEOUT',
    )
  }
  if (s.ENV === 'prod') {
    checkAddresses(s, add)
    checkSecrets(s, add)
  }
  return problems
}

function checkProvider(s: Settings, add: Add): void {
  if (s.OIDC_ISSUER === undefined) {
    if (s.KEYCLOAK_SERVER_URL === undefined)
      add(
        'KEYCLOAK_SERVER_URL',
        'is missing. Set it to the address of Keycloak, such as https://id.example.com, or set OIDC_ISSUER.',
        'OIDC_ISSUER',
      )
    if (s.KEYCLOAK_REALM === undefined)
      add('KEYCLOAK_REALM', 'is missing. Set it to the name of the realm, or set OIDC_ISSUER.', 'OIDC_ISSUER')
  } else if (s.KEYCLOAK_SERVER_URL !== undefined || s.KEYCLOAK_REALM !== undefined) {
    add(
      'OIDC_ISSUER',
      'stands beside KEYCLOAK_SERVER_URL or KEYCLOAK_REALM. Keep either the issuer or the Keycloak pair.',
    )
  }
  if (s.OIDC_CLIENT_AUTH === 'private_key_jwt') {
    if (s.OIDC_CLIENT_KEY_FILE === undefined)
      add('OIDC_CLIENT_KEY_FILE', 'is missing; private_key_jwt needs the private key.')
  } else if (s.KEYCLOAK_CLIENT_SECRET === undefined) {
    add('KEYCLOAK_CLIENT_SECRET', `is missing; OIDC_CLIENT_AUTH=${s.OIDC_CLIENT_AUTH} needs it.`, 'OIDC_CLIENT_AUTH')
  }
  if ((s.KEYCLOAK_ADMIN_CLIENT_ID === undefined) !== (s.KEYCLOAK_ADMIN_CLIENT_SECRET === undefined)) {
    add('KEYCLOAK_ADMIN_CLIENT_ID', 'and KEYCLOAK_ADMIN_CLIENT_SECRET go together; set both or neither.')
  }
  checkAccounts(s, add)
  for (const { name, problem, also } of [...serviceClientProblems(s), ...realmAccountProblems(s)])
    add(name, problem, also)
}

function checkAccounts(s: Settings, add: Add): void {
  if ((s.KEYCLOAK_PASSWORD_CLIENT_ID === undefined) !== (s.KEYCLOAK_PASSWORD_CLIENT_SECRET === undefined))
    add('KEYCLOAK_PASSWORD_CLIENT_ID', 'and KEYCLOAK_PASSWORD_CLIENT_SECRET go together; set both or neither.')
  if (s.REGISTRATION === 'on' && s.KEYCLOAK_ADMIN_CLIENT_ID === undefined)
    add('REGISTRATION', 'is on, which needs KEYCLOAK_ADMIN_CLIENT_ID: accounts are made by the service account.')
}

function checkServer(s: Settings, add: Add): void {
  if (s.PORT === s.MANAGEMENT_PORT && s.PORT !== 0)
    add('MANAGEMENT_PORT', `is the same port as PORT (${s.PORT}). Give each listener a port of its own.`, 'PORT')
  if (s.PORT === 0 && s.PUBLIC_URL === undefined)
    add('PORT', 'is 0, which picks a free port that no browser knows. Name a port, or set PUBLIC_URL.', 'PUBLIC_URL')
  for (const origin of s.ALLOWED_ORIGINS) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      add('ALLOWED_ORIGINS', `"${origin}" is not an origin; write https://host[:port] without a path, in lower case.`)
  }
  for (const host of s.ALLOWED_HOSTS) {
    if (!/^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host))
      add('ALLOWED_HOSTS', `"${host}" is not a host name with an optional port.`)
  }
  for (const range of s.TRUSTED_PROXIES) {
    try {
      addIpRange(new BlockList(), range)
    } catch (error) {
      add('TRUSTED_PROXIES', `${(error as Error).message}.`)
    }
  }
}

const inProd = 'in ENV=prod'

function checkAddresses(s: Settings, add: Add): void {
  if (s.PUBLIC_URL === undefined) add('PUBLIC_URL', `is required ${inProd}, such as https://app.example.com.`)
  const mustBeHttps = {
    PUBLIC_URL: s.PUBLIC_URL,
    KEYCLOAK_SERVER_URL: s.KEYCLOAK_SERVER_URL,
    OIDC_ISSUER: s.OIDC_ISSUER,
  }
  for (const [name, address] of Object.entries(mustBeHttps)) {
    if (address?.startsWith('http:') && !isLoopback(address)) add(name, `must be https ${inProd}.`)
  }
  if (s.REDIS_URL === undefined && s.REDIS_SENTINELS.length === 0 && s.REDIS_CLUSTER_NODES.length === 0)
    add(
      'REDIS_URL',
      `is required ${inProd}; sessions in memory are for development. REDIS_SENTINELS or REDIS_CLUSTER_NODES do as well.`,
    )
  checkDatabase(s, add)
}

function checkDatabase({ DATABASE_URL: database }: Settings, add: Add): void {
  const choice = 'Set it to postgres://…, or to sqlite: and a file if there is only one instance.'
  if (database?.kind === 'sqlite' && database.file.startsWith(':'))
    add('DATABASE_URL', `names no file, and a database in memory is for development. ${choice}`)
}

function checkSecrets(s: Settings, add: Add): void {
  if (s.SESSION_SECRET_KEY.length === 0)
    add('SESSION_SECRET_KEY', `is required ${inProd}. Make one with: openssl rand -base64 48`)
  else if (s.SESSION_SECRET_KEY.some((key) => key.length < 32))
    add('SESSION_SECRET_KEY', `has a key of fewer than 32 characters. Make one with: openssl rand -base64 48`)
  if (s.SESSION_ENCRYPTION_KEYS.length === 0)
    add('SESSION_ENCRYPTION_KEYS', `is required ${inProd}. Make one with: openssl rand -base64 32`)
  const secrets: Record<string, readonly (string | undefined)[]> = {
    SESSION_SECRET_KEY: s.SESSION_SECRET_KEY,
    KEYCLOAK_CLIENT_SECRET: [s.KEYCLOAK_CLIENT_SECRET],
    KEYCLOAK_ADMIN_CLIENT_SECRET: [s.KEYCLOAK_ADMIN_CLIENT_SECRET],
    KEYCLOAK_PASSWORD_CLIENT_SECRET: [s.KEYCLOAK_PASSWORD_CLIENT_SECRET],
    KEYCLOAK_CLIENTS_CLIENT_SECRET: [s.KEYCLOAK_CLIENTS_CLIENT_SECRET],
    KEYCLOAK_REALM_CLIENT_SECRET: [s.KEYCLOAK_REALM_CLIENT_SECRET],
  }
  for (const [name, values] of Object.entries(secrets)) {
    if (values.some((value) => value !== undefined && isSample(value)))
      add(name, `is a sample value, which anyone can read in the documentation. Set a secret of your own.`)
  }
  if (s.SESSION_ENCRYPTION_KEYS.some((key) => isUniform(Buffer.from(key, 'base64')))) {
    add('SESSION_ENCRYPTION_KEYS', 'is a sample value. Make one with: openssl rand -base64 32')
  }
  if (s.AUDIT_HASH_KEYS.some((key) => isUniform(Buffer.from(key, 'base64'))))
    add('AUDIT_HASH_KEYS', 'is a sample value. Make one with: openssl rand -base64 32')
}

function isSample(secret: string): boolean {
  return SAMPLE.test(secret) || isUniform(Buffer.from(secret))
}

/** One and the same byte over and over, or nearly so: nobody's random key. */
function isUniform(bytes: Buffer): boolean {
  return new Set(bytes).size < 6
}
