import { createReadiness, type ReadinessCheck } from '../platform/observability/readiness.ts'
import { withDeadline } from '../platform/redis/redis-client.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

/**
 * Redis is required where it is configured: without it nobody can be told from anybody. The provider is not: sessions and
 * tokens go on working without it, only new logins fail.
 */
export function assembleReadiness({ redis }: Foundation, provider: Provider) {
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
        return { status: 'up' }
      },
    })
  }
  return createReadiness(checks)
}
