import type { Settings } from './settings.ts'

type Add = (where: keyof Settings, what: string, follows?: keyof Settings) => void

/** The three ways to name a Redis exclude each other, and each takes its secrets in one place only. */
export function checkRedis(s: Settings, add: Add): void {
  const named: (keyof Settings)[] = []
  if (s.REDIS_URL !== undefined) named.push('REDIS_URL')
  if (s.REDIS_SENTINELS.length > 0) named.push('REDIS_SENTINELS')
  if (s.REDIS_CLUSTER_NODES.length > 0) named.push('REDIS_CLUSTER_NODES')
  const [first, ...others] = named
  if (first !== undefined && others.length > 0)
    add(
      first,
      `stands beside ${others.join(' and ')}. They name one Redis in different ways; keep exactly one of them.`,
    )

  const beside = {
    REDIS_USERNAME: s.REDIS_USERNAME !== undefined,
    REDIS_PASSWORD: s.REDIS_PASSWORD !== undefined,
    REDIS_DATABASE: s.REDIS_DATABASE !== 0,
    REDIS_TLS: s.REDIS_TLS === 'on',
  }
  const spread = s.REDIS_SENTINELS.length > 0 || s.REDIS_CLUSTER_NODES.length > 0
  for (const [name, isSet] of Object.entries(beside) as [keyof typeof beside, boolean][]) {
    if (!isSet || spread) continue
    const instead = 'Write it as redis[s]://user:password@host:port/database in REDIS_URL'
    add(name, `goes with REDIS_SENTINELS or REDIS_CLUSTER_NODES only. ${instead}, or remove it.`)
  }
  if (s.REDIS_USERNAME !== undefined && s.REDIS_PASSWORD === undefined && spread)
    add('REDIS_USERNAME', 'needs REDIS_PASSWORD beside it.', 'REDIS_PASSWORD')
  if (s.REDIS_DATABASE !== 0 && s.REDIS_CLUSTER_NODES.length > 0)
    add('REDIS_DATABASE', 'must be 0 with REDIS_CLUSTER_NODES: a Redis Cluster has no other database.')
  if (s.REDIS_SENTINEL_PASSWORD !== undefined && s.REDIS_SENTINELS.length === 0)
    add('REDIS_SENTINEL_PASSWORD', 'goes with REDIS_SENTINELS only. Set them too, or remove it.')
}
