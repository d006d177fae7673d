import type { RateLimit } from './rate-limit-settings.ts'
import type { RouteConfig } from './routes-schema.ts'

/** The whole configuration, parsed once, frozen, handed out in sections. */
export interface Config {
  readonly env: 'dev' | 'prod'
  readonly server: ServerConfig
  readonly provider: ProviderConfig
  readonly bearer: BearerConfig
  readonly session: SessionConfig
  readonly redisUrl: string | undefined
  readonly admin: AdminConfig | undefined
  readonly caches: CachesConfig
  readonly rateLimits: RateLimitsConfig
  readonly routes: readonly RouteConfig[]
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

export interface AdminConfig {
  baseUrl: string
  realm: string
  clientId: string
  clientSecret: string
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
  identity: CacheLimits
  verifiedTokens: { maxSize: number }
}

export interface RateLimitsConfig {
  default: RateLimit | undefined
  login: RateLimit | undefined
  backchannel: RateLimit | undefined
  management: RateLimit | undefined
  authFailures: RateLimit | undefined
}
