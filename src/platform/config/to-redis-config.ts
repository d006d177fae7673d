import type { RedisConfig } from './redis-settings.ts'
import type { Settings } from './settings.ts'

/** Which Redis, if any: the address of one, the Sentinels that know it, or a cluster. */
export function toRedisConfig(s: Settings): RedisConfig | undefined {
  const login = { username: s.REDIS_USERNAME, password: s.REDIS_PASSWORD, tls: s.REDIS_TLS === 'on' }
  if (s.REDIS_URL !== undefined) return { kind: 'single', url: s.REDIS_URL }
  if (s.REDIS_CLUSTER_NODES.length > 0) return { kind: 'cluster', nodes: s.REDIS_CLUSTER_NODES, ...login }
  if (s.REDIS_SENTINELS.length === 0) return undefined
  return {
    kind: 'sentinel',
    sentinels: s.REDIS_SENTINELS,
    name: s.REDIS_SENTINEL_NAME,
    sentinelPassword: s.REDIS_SENTINEL_PASSWORD,
    database: s.REDIS_DATABASE,
    ...login,
  }
}
