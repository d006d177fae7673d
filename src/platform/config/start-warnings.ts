import { revocationWarning } from './revocation-settings.ts'
import type { RouteConfig } from './routes-schema.ts'
import type { Settings } from './settings.ts'
import { toRedisConfig } from './to-redis-config.ts'

/** Things that work but deserve a line in the log at start. */
export function startWarnings(s: Settings, routes: readonly RouteConfig[]): string[] {
  const warnings: string[] = []
  if (routes.length === 0)
    warnings.push('no routes are declared: nothing is proxied until GATEWAY_CONFIG names a routes file')
  const revocation = revocationWarning(s)
  if (revocation !== undefined) warnings.push(revocation)
  const redis = toRedisConfig(s)
  if (redis === undefined) warnings.push('REDIS_URL is not set: sessions live in this process and end with it')
  if (s.SESSION_SECRET_KEY.length === 0)
    warnings.push('SESSION_SECRET_KEY is not set: a random one is used, sessions do not survive a restart')
  else if (s.SESSION_SECRET_KEY.some((key) => key.length < 32))
    warnings.push('SESSION_SECRET_KEY has fewer than 32 characters, which ENV=prod refuses')
  if (redis !== undefined && s.SESSION_ENCRYPTION_KEYS.length === 0)
    warnings.push(
      'SESSION_ENCRYPTION_KEYS is not set: a random one is used, no other instance and no restart can open the sessions',
    )
  if (s.DATABASE_URL === undefined)
    warnings.push('DATABASE_URL is not set: the audit trail lives in this process and ends with it')
  else if (s.ENV === 'prod' && s.DATABASE_URL.kind === 'sqlite')
    warnings.push('DATABASE_URL is an SQLite file: that is enough for one instance, several need PostgreSQL')
  if (s.ENV === 'prod' && s.AUDIT_HASH_KEYS.length === 0)
    warnings.push('AUDIT_HASH_KEYS is not set: whoever may write to the database can forge the audit trail unseen')
  if (s.JWT_AUDIENCE.length === 0) warnings.push('JWT_AUDIENCE is not set: every bearer token is refused')
  return warnings
}
