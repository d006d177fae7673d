import type { Config } from '../platform/config/config.ts'
import { createReadiness, type ReadinessCheck } from '../platform/observability/readiness.ts'
import { withDeadline } from '../platform/redis/redis-client.ts'
import type { AuditTrail } from './audit.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

/**
 * Redis is required where it is configured: without it nobody can be told from anybody. The provider is not: sessions and
 * tokens go on working without it, only new logins fail. Nor is the database: without it nobody can administrate.
 */
export function assembleReadiness(
  config: Config,
  { redis, bus }: Foundation,
  provider: Provider,
  audit: Pick<AuditTrail, 'state'>,
) {
  const checks: ReadinessCheck[] = [
    {
      name: 'identity_provider',
      required: false,
      async check() {
        await provider.configuration()
        await provider.keySet.warmUp()
        return { status: 'up' }
      },
    },
  ]
  if (redis !== undefined) {
    checks.unshift({
      name: 'redis',
      required: true,
      async check() {
        await withDeadline(redis.ping())
        // The bus writes and listens all the time: a Redis that only reads, or is full, shows there first.
        if (bus?.isListening()) return { status: 'up' }
        return { status: 'degraded', note: 'it answers, but takes no writes or carries no messages' }
      },
    })
  }
  if (config.database.kind === 'postgres' || config.database.file !== ':memory:')
    checks.push({ name: 'database', required: false, check: audit.state })
  return createReadiness(checks)
}
