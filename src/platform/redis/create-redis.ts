import type { RedisConfig } from '../config/redis-settings.ts'
import type { Log } from '../observability/log.ts'
import { createClusterClient } from './cluster-client.ts'
import { createRedisClient, type Redis } from './redis-client.ts'
import { createSentinelClient } from './sentinel-client.ts'

/** Redis in the form that is configured; not connected yet. */
export function createRedis(config: RedisConfig, log: Log): Redis {
  if (config.kind === 'cluster') return createClusterClient(config, log)
  if (config.kind === 'sentinel') return createSentinelClient(config, log)
  return createRedisClient(config.url, log)
}
