import { toAccountsConfig } from './account-settings.ts'
import { isLoopback } from './check-settings.ts'
import type {
  AuditConfig,
  BearerConfig,
  CachesConfig,
  Config,
  ProviderConfig,
  ServerConfig,
  SessionConfig,
  WebSocketsConfig,
} from './config.ts'
import { toDatabaseConfig } from './database-settings.ts'
import type { RouteConfig } from './routes-schema.ts'
import { toServiceClientsConfig } from './service-client-settings.ts'
import type { Settings } from './settings.ts'
import { startWarnings } from './start-warnings.ts'
import { toOwnTls } from './to-own-tls.ts'
import { toRealmAccount } from './to-realm-account.ts'
import { toRedisConfig } from './to-redis-config.ts'

/** A trail in memory must not fill it. */
const HOURS_IN_MEMORY = 1

/** Sorts checked settings into sections; makes up development secrets where none are set. */
export function toConfig(
  s: Settings,
  routes: readonly RouteConfig[],
  clientKey: string | undefined,
  random: (bytes: number) => Buffer,
): Omit<Config, 'settings'> {
  const provider = providerConfig(s, clientKey)
  const config: Omit<Config, 'settings'> = {
    env: s.ENV,
    server: serverConfig(s),
    provider,
    bearer: bearerConfig(s, provider.issuer),
    session: sessionConfig(s, random),
    revocation: { interval: s.REVALIDATION_INTERVAL },
    redis: toRedisConfig(s),
    database: toDatabaseConfig(s.DATABASE_URL, s.DATABASE_POOL_SIZE),
    audit: auditConfig(s),
    admin: adminConfig(s),
    accounts: toAccountsConfig(s),
    serviceClients: toServiceClientsConfig(s, adminConfig(s)),
    realmAccount: toRealmAccount(s, adminConfig(s)),
    caches: cachesConfig(s),
    rateLimits: {
      default: s.RATE_LIMIT_DEFAULT,
      login: s.RATE_LIMIT_LOGIN,
      mails: s.RATE_LIMIT_MAILS,
      backchannel: s.RATE_LIMIT_BACKCHANNEL,
      management: s.RATE_LIMIT_MANAGEMENT,
      authFailures: s.RATE_LIMIT_AUTH_FAILURES,
    },
    websockets: websocketsConfig(s),
    routes,
    logLevel: s.LOG_LEVEL,
    warnings: startWarnings(s, routes),
  }
  return deepFreeze(config)
}

function serverConfig(s: Settings): ServerConfig {
  return {
    ...toOwnTls(s),
    host: s.HOST,
    port: s.PORT,
    allowedHosts: s.ALLOWED_HOSTS,
    allowedOrigins: s.ALLOWED_ORIGINS,
    trustedProxies: s.TRUSTED_PROXIES,
    managementHost: s.MANAGEMENT_HOST,
    managementPort: s.MANAGEMENT_PORT,
    managementPrefix: s.MANAGEMENT_PREFIX,
    maxBody: s.MAX_BODY,
    shutdownTimeout: s.SHUTDOWN_TIMEOUT,
  }
}

function providerConfig(s: Settings, clientKey: string | undefined): ProviderConfig {
  const serverUrl = s.KEYCLOAK_SERVER_URL ?? ''
  const issuer = s.OIDC_ISSUER ?? `${serverUrl}/realms/${s.KEYCLOAK_REALM}`
  const internal = s.KEYCLOAK_INTERNAL_URL
  const from = s.OIDC_ISSUER === undefined ? serverUrl : new URL(issuer).origin
  return {
    issuer,
    rewrite: internal === undefined ? undefined : { from, to: internal },
    keycloak:
      s.OIDC_ISSUER === undefined && s.KEYCLOAK_REALM !== undefined
        ? { serverUrl, realm: s.KEYCLOAK_REALM }
        : undefined,
    clientId: s.KEYCLOAK_CLIENT_ID,
    clientSecret: s.KEYCLOAK_CLIENT_SECRET,
    clientAuth: s.OIDC_CLIENT_AUTH,
    clientKey,
    scopes: s.OIDC_SCOPES,
    idTokenAlg: s.OIDC_ID_TOKEN_ALG,
    userinfo: s.OIDC_USERINFO,
    par: s.OIDC_PAR,
    postLogoutPath: s.OIDC_POST_LOGOUT_PATH,
    allowHttp: s.ENV === 'dev' || isLoopback(issuer) || internal !== undefined,
  }
}

function bearerConfig(s: Settings, issuer: string): BearerConfig {
  return {
    issuer,
    audience: s.JWT_AUDIENCE,
    algorithms: s.JWT_ALGORITHMS,
    leeway: s.JWT_LEEWAY,
    revocationGrace: s.REVOCATION_GRACE,
  }
}

function sessionConfig(s: Settings, random: (bytes: number) => Buffer): SessionConfig {
  return {
    secrets: s.SESSION_SECRET_KEY.length > 0 ? s.SESSION_SECRET_KEY : [random(48).toString('base64')],
    encryptionKeys:
      s.SESSION_ENCRYPTION_KEYS.length > 0
        ? s.SESSION_ENCRYPTION_KEYS.map((key) => Buffer.from(key, 'base64'))
        : [random(32)],
    idleTimeout: s.SESSION_IDLE_TIMEOUT,
    absoluteTimeout: s.SESSION_ABSOLUTE_TIMEOUT,
    sameSite: s.SESSION_COOKIE_SAMESITE,
  }
}

function adminConfig(s: Settings): Config['admin'] {
  const baseUrl = s.KEYCLOAK_INTERNAL_URL ?? s.KEYCLOAK_SERVER_URL
  if (baseUrl === undefined || s.KEYCLOAK_REALM === undefined) return undefined
  if (s.KEYCLOAK_ADMIN_CLIENT_ID === undefined || s.KEYCLOAK_ADMIN_CLIENT_SECRET === undefined) return undefined
  return {
    baseUrl,
    realm: s.KEYCLOAK_REALM,
    clientId: s.KEYCLOAK_ADMIN_CLIENT_ID,
    clientSecret: s.KEYCLOAK_ADMIN_CLIENT_SECRET,
    userDeletion: s.ADMIN_USER_DELETION,
  }
}

function auditConfig(s: Settings): AuditConfig {
  return {
    onFailure: s.AUDIT_ON_FAILURE,
    spoolSize: s.AUDIT_SPOOL_SIZE,
    retentionDays: s.DATABASE_URL === undefined ? HOURS_IN_MEMORY / 24 : s.AUDIT_RETENTION_DAYS,
    hashKeys: s.AUDIT_HASH_KEYS.map((key) => Buffer.from(key, 'base64')),
  }
}

function cachesConfig(s: Settings): CachesConfig {
  return {
    jwks: { ttl: s.JWKS_CACHE_TTL, maxSize: s.JWKS_CACHE_MAXSIZE, maxStale: s.JWKS_MAX_STALE },
    adminToken: { ttl: s.ADMIN_TOKEN_CACHE_TTL, maxSize: s.ADMIN_TOKEN_CACHE_MAXSIZE },
    userInfo: { ttl: s.USER_INFO_CACHE_TTL, maxSize: s.USER_INFO_CACHE_MAXSIZE },
    groups: { ttl: s.GROUP_CACHE_TTL, maxSize: s.GROUP_CACHE_MAXSIZE },
    introspection: { ttl: s.INTROSPECTION_CACHE_TTL, maxSize: s.INTROSPECTION_CACHE_MAXSIZE },
    roles: { ttl: s.ROLE_CACHE_TTL, maxSize: s.ROLE_CACHE_MAXSIZE },
    identity: { ttl: s.IDENTITY_CACHE_TTL, maxSize: s.IDENTITY_CACHE_MAXSIZE },
    verifiedTokens: { maxSize: s.VERIFIED_TOKENS_CACHE_MAXSIZE },
  }
}

function websocketsConfig(s: Settings): WebSocketsConfig {
  return {
    max: s.WEBSOCKET_MAX,
    maxPerCaller: s.WEBSOCKET_MAX_PER_CALLER,
    maxMessage: s.WEBSOCKET_MAX_MESSAGE,
    messages: s.WEBSOCKET_MESSAGES,
    pingInterval: s.WEBSOCKET_PING_INTERVAL,
    idleTimeout: s.WEBSOCKET_IDLE_TIMEOUT,
  }
}

function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value) || Object.isFrozen(value)) return value
  for (const item of Object.values(value)) deepFreeze(item)
  return Object.freeze(value)
}
