import type { AccountsConfig } from './account-settings.ts'
import type { DatabaseConfig } from './database-settings.ts'
import type { RateLimit } from './rate-limit-settings.ts'
import type { RedisConfig } from './redis-settings.ts'
import type { RouteConfig } from './routes-schema.ts'
import type { SettingView } from './setting-view.ts'

/** The whole configuration, parsed once, frozen, handed out in sections. */
export interface Config {
  readonly env: 'dev' | 'prod'
  readonly server: ServerConfig
  readonly provider: ProviderConfig
  readonly bearer: BearerConfig
  readonly session: SessionConfig
  readonly revocation: RevocationConfig
  /** Absent: sessions live in this process. */
  readonly redis: RedisConfig | undefined
  readonly database: DatabaseConfig
  readonly audit: AuditConfig
  readonly admin: AdminConfig | undefined
  readonly accounts: AccountsConfig
  readonly serviceClients: ServiceClientsConfig
  /** The service account that writes the realm itself; absent: nobody does. */
  readonly realmAccount: AdminConfig | undefined
  readonly caches: CachesConfig
  readonly rateLimits: RateLimitsConfig
  readonly websockets: WebSocketsConfig
  readonly routes: readonly RouteConfig[]
  /** Every setting as it was read, to be shown; secrets only by whether they are set. */
  readonly settings: readonly SettingView[]
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug'
  /** Things that work but deserve a line in the log at start. */
  readonly warnings: readonly string[]
}

export interface ServerConfig {
  host: string
  port: number
  /** Origin and optional base of the gateway as browsers see it, without a last slash. */
  publicUrl: string
  allowedHosts: string[]
  allowedOrigins: string[]
  trustedProxies: string[]
  managementHost: string
  managementPort: number
  managementPrefix: string
  /** Bytes. */
  maxBody: number
  /** Seconds. */
  shutdownTimeout: number
  /** Absent: the port speaks plain HTTP. Paths of PEM files. */
  tls: { cert: string; key: string; minVersion: 'TLSv1.2' | 'TLSv1.3' } | undefined
}

export interface ProviderConfig {
  /** Compared letter by letter. */
  issuer: string
  /** Replaces the start of provider addresses when the gateway itself calls them. */
  rewrite: { from: string; to: string } | undefined
  /** Set when the provider is Keycloak. */
  keycloak: { serverUrl: string; realm: string } | undefined
  clientId: string
  clientSecret: string | undefined
  clientAuth: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'
  /** PEM or JWK text. */
  clientKey: string | undefined
  scopes: string
  idTokenAlg: string
  userinfo: 'off' | 'login'
  par: 'auto' | 'required' | 'off'
  postLogoutPath: string
  /** Whether plain http to the provider is tolerated (loopback or dev). */
  allowHttp: boolean
}

export interface BearerConfig {
  issuer: string
  audience: string[]
  algorithms: string[]
  /** Seconds. */
  leeway: number
  /** Seconds for which the list of revoked tokens may be old while Redis is away. */
  revocationGrace: number
}

export interface SessionConfig {
  secrets: string[]
  encryptionKeys: Buffer[]
  /** Seconds. */
  idleTimeout: number
  /** Seconds. */
  absoluteTimeout: number
  sameSite: 'strict' | 'lax'
}

export interface RevocationConfig {
  /** Seconds within which a revocation at the provider is known here; undefined: nobody asks for it. */
  interval: number | undefined
}

export interface AdminConfig {
  baseUrl: string
  realm: string
  clientId: string
  clientSecret: string
  /** What becomes of an account that an administrator deletes: gone, or kept and disabled. */
  userDeletion?: 'hard' | 'soft'
}

export interface ServiceClientsConfig {
  /** The service account that registers them; absent: nobody does. */
  account: AdminConfig | undefined
  /** How the id of each begins. */
  prefix: string
  /** Client scopes that may be given to them. */
  scopes: readonly string[]
  /** Hosts at which their public keys may be. */
  keyHosts: readonly string[]
}

export interface AuditConfig {
  onFailure: 'refuse' | 'spool'
  /** Rows. */
  spoolSize: number
  /** 0 keeps everything. */
  retentionDays: number
  /** The first one signs, all verify; none means plain SHA-256. */
  hashKeys: Buffer[]
}

export interface CacheLimits {
  /** Seconds. */
  ttl: number
  maxSize: number
}

export interface CachesConfig {
  jwks: CacheLimits & { maxStale: number }
  adminToken: CacheLimits
  userInfo: CacheLimits
  groups: CacheLimits
  roles: CacheLimits
  introspection: CacheLimits
  identity: CacheLimits
  verifiedTokens: { maxSize: number }
}

export interface RateLimitsConfig {
  default: RateLimit | undefined
  login: RateLimit | undefined
  mails: RateLimit | undefined
  backchannel: RateLimit | undefined
  management: RateLimit | undefined
  authFailures: RateLimit | undefined
}

export interface WebSocketsConfig {
  /** Open at once at this instance, and of one caller. */
  max: number
  maxPerCaller: number
  /** Bytes. */
  maxMessage: number
  /** What one client may send. */
  messages: RateLimit | undefined
  /** Seconds. */
  pingInterval: number
  /** Seconds; 0 means never. */
  idleTimeout: number
}
